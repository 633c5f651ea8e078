using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Dashboard.Views;
using AuctionTracker.Sales.Live;
using AuctionTracker.Sales.State;
using AuctionTracker.Sales.Statistics;
using AuctionTracker.Storage;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>
/// The figures of sales: those of the databases of Auctioneer and Settlement, where they are, then each message as it is announced. Waits for a
/// broker that is away. Thread-safe.
/// </summary>
/// <param name="run">Settings, log and clock.</param>
/// <param name="window">The time that the charts show.</param>
internal sealed class SalesFeed(ProgramRun run, TimeSpan window)
{
    private static readonly BatchLimits Limits = new(500, TimeSpan.FromMilliseconds(100), Count: null, IdleExit: null);

    private readonly Lock _gate = new();
    private LiveSales _sales = new(window);
    private SalesStatus _status = new(run.Time.GetUtcNow());

    /// <summary>Reads until <paramref name="stop"/>.</summary>
    /// <exception cref="BrokerException">The broker refuses the login, the virtual host, a permission or a declaration.</exception>
    public Task RunAsync(CancellationToken stop) => run.BrokerOf("sales", prefetch: 2 * Limits.Size, waits: true).RunAsync(
        async (connection, lost) =>
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: lost);
            var queue = await AuctionTopology.DeclareSalesViewerQueueAsync(channel, "dashboard_sales", "#", lost);

            // The queue is bound before the databases are read: what happens meanwhile is in one of them, or in both.
            await LoadAsync(stop);
            try
            {
                await new BatchConsumer(queue, Limits, run.Log, run.Time).ConsumeAsync(connection, AddAsync, stop, lost);
            }
            finally
            {
                Update(status => status with { IsConnected = false, Since = run.Time.GetUtcNow() });
            }
        }, stop);

    /// <summary>The figures and their status, from one moment.</summary>
    public SalesView Snapshot()
    {
        lock (_gate)
        {
            return new SalesView(_sales.SnapshotAt(run.Time.GetUtcNow()), _status, run.Settings.Settlement.Stock);
        }
    }

    /// <summary>
    /// Reads the databases. Both have all that was missed while the broker was away; without them, what was seen before stays, and the time
    /// since then is a gap.
    /// </summary>
    private async Task LoadAsync(CancellationToken stop)
    {
        var problems = new List<string>();
        var loaded = new LiveSales(window);
        var hasAuctions = await TryReadAuctionsAsync();
        var hasSettlements = await TryReadAsync("settled sales", run.Settings.Settlement.Database, StateDatabase.ReadSettlementsAsync, SalesHistory.ReadSettlementsAsync);
        if (!hasSettlements && problems.Count > 0)
        {
            // A part of it may have been read.
            loaded = new LiveSales(window);
            hasAuctions = hasAuctions && await TryReadAuctionsAsync();
        }

        lock (_gate)
        {
            var replaces = !_status.WasConnected || (hasAuctions && hasSettlements);
            _sales = replaces ? loaded : _sales;
            _status = _status with
            {
                IsConnected = true,
                WasConnected = true,
                Since = run.Time.GetUtcNow(),
                HasAuctions = replaces ? hasAuctions : _status.HasAuctions,
                HasSettlements = replaces ? hasSettlements : _status.HasSettlements,
                Problems = problems,
                Gap = replaces ? null : new Gap(_status.Since, run.Time.GetUtcNow()),
            };
        }

        async Task<bool> TryReadAuctionsAsync()
        {
            var isRead = await TryReadAsync("closed auctions", run.Settings.Auctioneer.Database, StateDatabase.ReadAuctionsAsync, SalesHistory.ReadAuctionsAsync);
            loaded = isRead ? loaded : new LiveSales(window);
            loaded.HasAllResults = isRead;
            return isRead;
        }

        async Task<bool> TryReadAsync(
            string what, string address, Func<string, CancellationToken, Task<IDatabase>> open, Func<IDatabase, LiveSales, DateTimeOffset, CancellationToken, Task<int>> read)
        {
            if (SinkAddress.Parse(address)?.Kind == SinkKind.Sqlite && !Path.Exists(address))
            {
                return false;
            }

            try
            {
                await using var database = await open(address, stop);
                var count = await read(database, loaded, run.Time.GetUtcNow(), stop);
                run.Log.Information("{Count:#,0} {What} of {Database}.", count, what, database.Name);
                return true;
            }
            catch (Exception e) when (e is IOException or FormatException)
            {
                run.Log.Warning("{Text} The figures of sales begin without it.", e.Message);
                problems.Add(e.Message);
                return false;
            }
        }
    }

    private Task AddAsync(IReadOnlyList<Delivery> batch, CancellationToken cancel)
    {
        lock (_gate)
        {
            var now = run.Time.GetUtcNow();
            foreach (var delivery in batch.Where(delivery => !TryAdd(delivery, now)))
            {
                run.Log.Warning("Message {Id} cannot be read as one about a sale.", delivery.Id);
                _status = _status with { Unreadable = _status.Unreadable + 1 };
            }
        }

        return Task.CompletedTask;
    }

    private bool TryAdd(Delivery delivery, DateTimeOffset now)
    {
        switch (delivery.RoutingKey.Split('.')[0])
        {
            case "sold" or "unsold" when AuctionResult.TryRead(delivery.Body, out var result):
                _sales.Add(result, now);
                return true;
            case "settled" when SettledSale.TryRead(delivery.Body, out var sale):
                _sales.Add(sale, now);
                return TrySetStock(delivery, now);
            case "stock":
                return TrySetStock(delivery, now);
            default:
                return false;
        }
    }

    private bool TrySetStock(Delivery delivery, DateTimeOffset now)
    {
        if (StockLevel.TryRead(delivery.Body, out var level))
        {
            _sales.Set(level, now);
        }

        return level is not null;
    }

    private void Update(Func<SalesStatus, SalesStatus> change)
    {
        lock (_gate)
        {
            _status = change(_status);
        }
    }
}

/// <summary>How far the figures of sales can be trusted. Immutable.</summary>
/// <param name="Started">When the program began to read.</param>
public sealed record SalesStatus(DateTimeOffset Started)
{
    /// <summary>When the broker was reached, or lost.</summary>
    public DateTimeOffset Since { get; init; } = Started;

    /// <summary>Whether the broker is reached.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whether it was ever reached.</summary>
    public bool WasConnected { get; init; }

    /// <summary>Whether the figures have what the database of Auctioneer holds.</summary>
    public bool HasAuctions { get; init; }

    /// <summary>Whether the figures have what the database of Settlement holds.</summary>
    public bool HasSettlements { get; init; }

    /// <summary>Why a database that is there could not be read.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The last time in which messages were missed; <see langword="null"/> if there was none.</summary>
    public Gap? Gap { get; init; }

    /// <summary>The number of messages that could not be read.</summary>
    public long Unreadable { get; init; }
}
