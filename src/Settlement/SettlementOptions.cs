using System.CommandLine;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Settlement;

/// <summary>The command line.</summary>
internal sealed class SettlementOptions
{
    private const int MaxSeconds = 3_600;
    private const int MaxQuantity = 1_000_000;

    private readonly Option<string> _database = StateDatabase.CreateOption("data/settlement.db");

    private readonly Option<string> _work = new("--work")
    {
        Description = "Seconds that the work on a sale takes, at least and at most.",
        DefaultValueFactory = _ => "0..0",
        HelpName = "LEAST..MOST",
    };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "How many sales are worked on at a time. Sales of one item are settled one by one, in order.",
        DefaultValueFactory = _ => 4,
        HelpName = "N",
    };

    private readonly Option<bool> _noRefill = new("--no-refill") { Description = "Does not refill the stock: sales of an item without stock wait until it is refilled by hand." };

    private readonly Option<string> _stock = new("--stock")
    {
        Description = "Sets the stock of an item by hand, and ends. A settlement that runs goes on with it.",
        HelpName = "ITEM=N",
    };

    public SettlementOptions()
    {
        _work.Validators.Add(result =>
        {
            if (TryReadWork(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError($"--work is \"{result.GetValueOrDefault<string>()}\": it must be two numbers of seconds from 0 to {MaxSeconds}, as in 0.2..2.");
            }
        });
        _parallel.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100)
            {
                result.AddError("--parallel must be a whole number from 1 to 100.");
            }
        });
        _stock.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && TryReadStock(text) is null)
            {
                result.AddError($"--stock is \"{text}\": it must be an item and a whole number up to {MaxQuantity}, as in art=20.");
            }
        });
    }

    public ProgramDefinition Definition => new(
        [AllSettings.IdleExit, AllSettings.Items],
        _ => [],
        counts => counts.Received,
        "Settlement interrupted. Closing connection.")
    {
        RateUnit = "sales",
        Options = [_database, _work, _parallel, _noRefill, _stock],
        Command = SetStockAsync,
    };

    public bool Refills(ProgramRun run) => !run.Arguments.GetValue(_noRefill);

    public int ParallelOf(ProgramRun run) => run.Arguments.GetValue(_parallel);

    public (TimeSpan Least, TimeSpan Most) WorkOf(ProgramRun run) => TryReadWork(run.Arguments.GetValue(_work))!.Value;

    /// <exception cref="ProgramException">The database can't be used.</exception>
    public Task<IDatabase> OpenAsync(ProgramRun run, CancellationToken cancel) =>
        StateDatabase.OpenSettlementsAsync(run.Arguments.GetValue(_database) ?? run.Settings.Settlement.Database, cancel);

    private async Task<bool> SetStockAsync(ProgramRun run, CancellationToken stop)
    {
        if (run.Arguments.GetValue(_stock) is not { } text)
        {
            return false;
        }

        var (item, quantity) = TryReadStock(text)!.Value;
        await using var database = await OpenAsync(run, stop);
        try
        {
            var before = await new SettlementStore(database, run.Settings.Settlement.Stock, refills: false, run.Time).SetStockAsync(item, quantity, stop);
            run.Log.Information("Stock of {Item}: {Quantity} (before: {Before}).", item, quantity, before);
        }
        catch (IOException e)
        {
            throw new ProgramException(e.Message, e);
        }

        return true;
    }

    private static (TimeSpan Least, TimeSpan Most)? TryReadWork(string? text) =>
        text?.Split("..") is [var first, var last] && Seconds(first) is { } least && Seconds(last) is { } most && least <= most ? (least, most) : null;

    private static TimeSpan? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static (string Item, long Quantity)? TryReadStock(string text) =>
        text.Split('=', StringSplitOptions.TrimEntries) is [var item, var count] && item.Any(char.IsLetterOrDigit)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) && quantity <= MaxQuantity
            ? (AuctionTopology.NameOf(item), quantity)
            : null;
}
