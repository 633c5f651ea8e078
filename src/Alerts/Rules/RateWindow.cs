namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// Tells when more than so many things happen within a minute. Counts by whole seconds, this one and the 59 before it, in as much
/// memory for a few as for a million; a time far off the others costs the count one second. Not thread-safe.
/// </summary>
/// <param name="limit">How many are not yet too many.</param>
internal sealed class RateWindow(int limit)
{
    private const int Minute = 60;

    private readonly (long Second, int Count)[] _seconds = new (long, int)[Minute];
    private long? _lastAbove;

    /// <summary>Counts one more.</summary>
    /// <param name="time">When it happened; need not be later than the one before.</param>
    /// <returns>Whether it is the first that is too many since a minute went by without too many.</returns>
    public bool Begins(DateTimeOffset time)
    {
        var now = time.ToUnixTimeSeconds();
        ref var second = ref _seconds[(int)(((now % Minute) + Minute) % Minute)];
        second = second.Second == now ? (now, second.Count + 1) : (now, 1);
        var count = 0L;
        foreach (var (at, inIt) in _seconds)
        {
            count += at > now - Minute && at <= now ? inIt : 0;
        }

        if (count <= limit)
        {
            return false;
        }

        var isNew = _lastAbove is not { } last || Math.Abs(now - last) >= Minute;
        _lastAbove = now;
        return isNew;
    }
}
