using System.CommandLine;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Auctioneer;

/// <summary>The command line.</summary>
internal sealed class AuctioneerOptions
{
    private readonly Option<string> _database = StateDatabase.CreateOption("data/auctions.db");

    private readonly Option<bool> _closeRest = new("--close-rest")
    {
        Description = "With --idle-exit: closes the auctions that are still open at the end. The bids' clock stands still when no bid comes.",
    };

    public ProgramDefinition Definition => new(
        [SaleSettings.AuctioneerClock, SaleSettings.AuctioneerLate, AllSettings.IdleExit, AllSettings.Items],
        _ => [],
        counts => counts.Received,
        "Auctioneer interrupted. Closing connection.")
    { Options = [_database, _closeRest] };

    public bool ClosesRest(ProgramRun run) => run.Arguments.GetValue(_closeRest);

    /// <exception cref="ProgramException">The database can't be used.</exception>
    public Task<IDatabase> OpenAsync(ProgramRun run, CancellationToken cancel) =>
        StateDatabase.OpenAuctionsAsync(run.Arguments.GetValue(_database) ?? run.Settings.Auctioneer.Database, cancel);
}
