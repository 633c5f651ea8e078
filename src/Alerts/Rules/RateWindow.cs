namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// Detects more than <paramref name="limit"/> events within a minute. Counts events in 60 buckets of one second, so its memory is
/// constant; an event with a time far from the others overwrites one bucket. Not thread-safe.
/// </summary>
/// <param name="limit">The allowed number of events a minute.</param>
internal sealed class RateWindow(int limit)
{
    private const int Minute = 60;

    private readonly (long Second, int Count)[] _buckets = new (long, int)[Minute];
    private long? _lastExcess;

    /// <summary>Adds an event.</summary>
    /// <param name="time">The time of the event; events may come out of order.</param>
    /// <returns><see langword="true"/> if the event exceeds the limit, and no event within the minute before it did.</returns>
    public bool Add(DateTimeOffset time)
    {
        var now = time.ToUnixTimeSeconds();
        ref var bucket = ref _buckets[(int)(((now % Minute) + Minute) % Minute)];
        bucket = bucket.Second == now ? (now, bucket.Count + 1) : (now, 1);
        var count = 0L;
        foreach (var (second, events) in _buckets)
        {
            count += second > now - Minute && second <= now ? events : 0;
        }

        if (count <= limit)
        {
            return false;
        }

        var isNew = _lastExcess is not { } last || Math.Abs(now - last) >= Minute;
        _lastExcess = now;
        return isNew;
    }
}
