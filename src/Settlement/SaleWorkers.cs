using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Settlements;

namespace AuctionTracker.Settlement;

/// <summary>Settles the sales that wait, several at a time, those of one item in order. Thread-safe.</summary>
/// <param name="run">Log and clock.</param>
/// <param name="store">The database.</param>
/// <param name="work">How long the work on a sale takes, at least and at most.</param>
/// <param name="parallel">How many are worked on at a time.</param>
/// <param name="settled">Called after each settled sale.</param>
internal sealed class SaleWorkers(ProgramRun run, SettlementStore store, (TimeSpan Least, TimeSpan Most) work, int parallel, Action settled)
{
    /// <summary>How often an item without stock is tried again: somebody may have refilled it by hand.</summary>
    private static readonly TimeSpan StockInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<SoldAuction>> _waiting = [];
    private readonly HashSet<string> _busy = [];
    private readonly Dictionary<string, long> _withoutStock = [];
    private readonly Random _random = new(unchecked((int)run.Time.GetTimestamp()));
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private TaskCompletionSource _changed = NewSignal();
    private long _lastChange = run.Time.GetTimestamp();

    /// <summary>The number of sales that were settled.</summary>
    public Counts.Count Settled { get; } = new("settled");

    /// <summary>The number of sales that wait at the end: for stock, or because the program was asked to stop.</summary>
    public Counts.Count Waiting { get; } = new("waiting");

    /// <summary>Replaces the sales that wait.</summary>
    public void Load(IReadOnlyCollection<SoldAuction> sales)
    {
        lock (_gate)
        {
            _waiting.Clear();
        }

        Add(sales);
    }

    /// <summary>Adds sales.</summary>
    public void Add(IReadOnlyCollection<SoldAuction> sales)
    {
        lock (_gate)
        {
            foreach (var sale in sales)
            {
                var item = AuctionTopology.NameOf(sale.Item);
                if (!_waiting.TryGetValue(item, out var queue))
                {
                    _waiting.Add(item, queue = []);
                }

                queue.Enqueue(sale);
            }
        }

        Change();
    }

    /// <summary>Settles until <paramref name="end"/>. A sale whose work is not done then waits for the next run.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => WorkAsync(end)));
        }
        finally
        {
            lock (_gate)
            {
                Waiting.Add(_waiting.Values.Sum(queue => queue.Count));
            }
        }
    }

    /// <summary>Waits until no sale came and none was settled for a time, and none waits but for stock.</summary>
    public async Task IdleAsync(TimeSpan idle, CancellationToken end)
    {
        while (idle == Timeout.InfiniteTimeSpan || HasWork() || run.Time.GetElapsedTime(Volatile.Read(ref _lastChange)) < idle)
        {
            await Task.Delay(idle == Timeout.InfiniteTimeSpan ? idle : TimeSpan.FromMilliseconds(100), run.Time, end);
        }
    }

    private bool HasWork()
    {
        lock (_gate)
        {
            return _busy.Count > 0 || _waiting.Keys.Any(item => !_withoutStock.ContainsKey(item));
        }
    }

    private async Task WorkAsync(CancellationToken end)
    {
        for (var failures = 0; ;)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (Take() is not var (sale, duration))
            {
                await Task.WhenAny(changed, Task.Delay(StockInterval, run.Time, end));
                end.ThrowIfCancellationRequested();
                continue;
            }

            var isSettled = false;
            try
            {
                await Task.Delay(duration, run.Time, end);
                isSettled = await store.SettleAsync(sale, end);
                failures = 0;
            }
            catch (IOException e)
            {
                var pause = _backoff.After(++failures);
                run.Log.Error("{Text} The sale waits. Next try in {Seconds:0.0} s.", e.Message, pause.TotalSeconds);
                await Task.Delay(pause, run.Time, end);
                GiveBack(sale, hasStock: true, isSettled: false);
                continue;
            }

            GiveBack(sale, hasStock: isSettled, isSettled);
        }
    }

    /// <summary>The oldest sale of an item that nobody works on, and how long the work takes.</summary>
    private (SoldAuction Sale, TimeSpan Duration)? Take()
    {
        lock (_gate)
        {
            var item = _waiting.Keys.FirstOrDefault(item => !_busy.Contains(item) &&
                (!_withoutStock.TryGetValue(item, out var since) || run.Time.GetElapsedTime(since) >= StockInterval));
            if (item is null)
            {
                return null;
            }

            _busy.Add(item);
            return (_waiting[item].Peek(), work.Least + ((work.Most - work.Least) * _random.NextDouble()));
        }
    }

    private void GiveBack(SoldAuction sale, bool hasStock, bool isSettled)
    {
        var item = AuctionTopology.NameOf(sale.Item);
        lock (_gate)
        {
            _busy.Remove(item);
            if (!hasStock)
            {
                if (!_withoutStock.ContainsKey(item))
                {
                    run.Log.Warning(
                        "No {Item} in stock: {Count} sales wait. Refill it with --stock {Name}=20, or run without --no-refill.", sale.Item, _waiting.GetValueOrDefault(item)?.Count ?? 0, item);
                }

                _withoutStock[item] = run.Time.GetTimestamp();
                return;
            }

            _withoutStock.Remove(item);

            // Its queue may have been read from the database again meanwhile.
            if (isSettled && _waiting.TryGetValue(item, out var queue) && queue.TryPeek(out var first) && first.AuctionId == sale.AuctionId)
            {
                queue.Dequeue();
                if (queue.Count == 0)
                {
                    _waiting.Remove(item);
                }
            }
        }

        if (isSettled)
        {
            Settled.Add(1);
            run.BidLog.Information("Settled auction {Auction}: {Item} for {Amount:0.00} to {Winner}.", sale.AuctionId, sale.Item, sale.Amount, sale.WinnerName);
            settled();
        }

        Change();
    }

    private void Change()
    {
        Volatile.Write(ref _lastChange, run.Time.GetTimestamp());
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
