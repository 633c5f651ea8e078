using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.State;
using AuctionTracker.Sales.Statistics;

namespace AuctionTracker.Statistics;

/// <summary>Settled sales: those of Settlement's database, then each as it is announced. Thread-safe.</summary>
/// <param name="run">Settings, log and clock.</param>
/// <param name="database">Settlement's database.</param>
internal sealed class SaleFeed(ProgramRun run, string database)
{
    private readonly Lock _gate = new();
    private readonly SaleWindows _windows = new();
    private readonly Counts.Count _received = run.Counts.Received;
    private readonly Counts.Count _new = new("new");
    private readonly Counts.Count _unreadable = new("unreadable");

    /// <summary>received = new + those of the database + unreadable.</summary>
    public IReadOnlyList<Counts.Count> Counts => [_received, _new, _unreadable];

    /// <summary>Reads until <paramref name="stop"/>, or until no sale came for the idle time.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        var limits = new BatchLimits(500, TimeSpan.FromMilliseconds(100), Count: null, run.Settings.Consumer.IdleExit);
        return run.BrokerOf("sales", prefetch: 2 * limits.Size).RunAsync(
            async (connection, lost) =>
            {
                var channel = await connection.CreateChannelAsync(cancellationToken: lost);
                var queue = await AuctionTopology.DeclareSalesViewerQueueAsync(channel, "statistics", "settled.#", lost);

                // The queue is bound before the database is read: a sale that is settled meanwhile is in one of them, or in both.
                await LoadAsync(lost);
                run.Log.Information("Starting statistics. Waiting for sales...");
                await new BatchConsumer(queue, limits, run.Log, run.Time).ConsumeAsync(connection, AddAsync, stop, lost);
            }, stop);
    }

    /// <summary>The figures of all windows.</summary>
    public IReadOnlyList<(string Name, SaleFigures Figures)> Figures()
    {
        lock (_gate)
        {
            return [.. SaleWindows.All.Select(window => (window.Name, _windows.FiguresAt(run.Time.GetUtcNow(), window.Length)))];
        }
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        if (SinkAddress.Parse(database)?.Kind == SinkKind.Sqlite && !File.Exists(database))
        {
            run.Log.Information("There is no {Database} yet: figures begin now.", database);
            return;
        }

        await using var settlements = await StateDatabase.OpenSettlementsAsync(database, cancel);
        try
        {
            var sales = await SettledSale.ReadSinceAsync(settlements, run.Time.GetUtcNow() - SaleWindows.All[^1].Length, SaleWindows.DefaultCapacity, cancel);
            lock (_gate)
            {
                sales.ForEach(sale => _windows.Add(sale));
            }

            run.Log.Information("{Count} sales of the last day are in {Database}.", sales.Count, settlements.Name);
        }
        catch (IOException e)
        {
            throw new ProgramException($"{e.Message} Fix it, or choose another database with --database.", e);
        }
    }

    private Task AddAsync(IReadOnlyList<Delivery> batch, CancellationToken cancel)
    {
        foreach (var delivery in batch)
        {
            _received.Add(1);
            if (!SettledSale.TryRead(delivery.Body, out var sale))
            {
                _unreadable.Add(1);
                run.Log.Warning("Message {Id} cannot be read as a settled sale.", delivery.Id);
                continue;
            }

            lock (_gate)
            {
                _new.Add(_windows.Add(sale) ? 1 : 0);
            }
        }

        return Task.CompletedTask;
    }
}
