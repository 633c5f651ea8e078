using System.Diagnostics;
using AuctionTracker.Dashboard.Feeds;

namespace AuctionTracker.Dashboard.Views;

/// <summary>Makes a view twice a second, once for all pages. Thread-safe.</summary>
/// <param name="feed">The figures.</param>
/// <param name="queues">The queues.</param>
/// <param name="alerts">The alerts.</param>
/// <param name="sales">The sales; <see langword="null"/> without them.</param>
/// <param name="threshold">A bid strictly above it is high.</param>
/// <param name="time">The clock.</param>
internal sealed class ViewTicker(LiveFeed feed, QueueMonitor queues, AlertMonitor alerts, SalesFeed? sales, decimal? threshold, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TrendSpan = TimeSpan.FromMinutes(1);

    private const long YoungLimit = 16 << 20;

    private readonly Queue<KeyFigures> _recent = [];
    private long _collectedAt;
    private volatile DashboardView? _view;
    private event Action? Ticked;

    /// <summary>The latest view.</summary>
    public DashboardView View => _view ?? Make();

    /// <summary>Called with the time that a view took to make.</summary>
    public Action<TimeSpan> Measured { get; set; } = _ => { };

    /// <summary>Calls back after each new view until the result is disposed.</summary>
    /// <param name="ticked">Must return at once.</param>
    public IDisposable Subscribe(Action ticked)
    {
        Ticked += ticked;
        return new Subscription(() => Ticked -= ticked);
    }

    /// <summary>Makes views until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                var start = Stopwatch.GetTimestamp();
                _view = Make();
                Measured(Stopwatch.GetElapsedTime(start));
                Ticked?.Invoke();
                CollectYoung();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>
    /// The runtime lets the youngest generation grow to the size of the processor's cache, which is hundreds of megabytes on some servers; only
    /// an environment variable would limit it. What bids leave behind is small to collect.
    /// </summary>
    private void CollectYoung()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _collectedAt > YoungLimit)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            _collectedAt = allocated;
        }
    }

    private DashboardView Make()
    {
        var (live, status) = feed.Snapshot(DashboardView.ListRows, DashboardView.ChartItems);
        lock (_recent)
        {
            while (_recent.TryPeek(out var oldest) && live.Time - oldest.Time > TrendSpan)
            {
                _recent.Dequeue();
            }

            var now = KeyFigures.Of(live, status);
            _recent.Enqueue(now);
            return new DashboardView(live, status, _recent.Peek(), queues.Queues, alerts.Alerts, threshold, sales?.Snapshot());
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
