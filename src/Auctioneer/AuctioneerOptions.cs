using System.CommandLine;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Storage;

namespace AuctionTracker.Auctioneer;

/// <summary>The command line.</summary>
internal sealed class AuctioneerOptions
{
    private readonly Option<bool> _closeRest = new("--close-rest")
    {
        Description = "With --idle-exit: closes the auctions that are still open at the end. The bids' clock stands still when no bid comes.",
    };

    public ProgramDefinition Definition => new(
        [AllSettings.AuctioneerClock, AllSettings.AuctioneerLate, AllSettings.AuctioneerDatabase, AllSettings.IdleExit, AllSettings.Items],
        _ => [],
        counts => counts.Received,
        "Auctioneer interrupted. Closing connection.")
    { Options = [_closeRest] };

    public bool ClosesRest(ProgramRun run) => run.Arguments.GetValue(_closeRest);

    /// <exception cref="ProgramException">The database can't be used.</exception>
    public static async Task<IDatabase> OpenAsync(ProgramRun run, CancellationToken cancel)
    {
        try
        {
            return await AuctionState.OpenAsync(run.Settings.Auctioneer.Database, cancel);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new ProgramException($"{e.Message.TrimEnd('.')}. Fix it, or choose another database with [auctioneer] database.", e);
        }
    }
}
