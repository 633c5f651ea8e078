using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>Asks the management API for the suite's queues, every two seconds.</summary>
/// <param name="settings">Where the API is.</param>
/// <param name="time">The clock.</param>
internal sealed class QueueMonitor(BrokerSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private volatile IReadOnlyList<QueueState>? _queues;

    /// <summary>The queues, by name; <see langword="null"/> while no management API answers.</summary>
    public IReadOnlyList<QueueState>? Queues => _queues;

    /// <summary>Asks until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var api = new ManagementApi(settings);
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                var queues = await api.QueuesAsync(stop);
                _queues = queues is null
                    ? null
                    : [.. queues.Where(queue => queue.Name.StartsWith("auction_", StringComparison.Ordinal) && !queue.Name.EndsWith("_dropped", StringComparison.Ordinal)).OrderBy(queue => queue.Name, StringComparer.Ordinal)];
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
