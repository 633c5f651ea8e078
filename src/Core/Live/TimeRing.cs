namespace AuctionTracker.Core.Live;

/// <summary>
/// Values of the latest of a row of equal spans of time, which are numbered. A new span takes the place of the oldest; spans without a value
/// have the default. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of a value.</typeparam>
/// <param name="capacity">The number of spans that are kept; at least 1.</param>
public sealed class TimeRing<T>(int capacity)
    where T : struct
{
    private readonly T[] _values = new T[capacity];
    private long _newest = long.MinValue / 2;
    private T _discarded;

    /// <summary>The value of a span; the default if it has none, or is too old.</summary>
    /// <param name="span">The number of the span.</param>
    public T this[long span] => IsKept(span) && span <= _newest ? _values[IndexOf(span)] : default;

    /// <summary>The value of a span, to change. Of a span that is too old to be kept, a value that is discarded.</summary>
    /// <param name="span">The number of the span; a later one than ever before moves the ring.</param>
    public ref T At(long span)
    {
        for (var added = Math.Max(_newest + 1, span - capacity + 1); added <= span; added++)
        {
            _values[IndexOf(added)] = default;
        }

        _newest = Math.Max(_newest, span);
        _discarded = default;
        return ref IsKept(span) ? ref _values[IndexOf(span)] : ref _discarded;
    }

    private bool IsKept(long span) => span > _newest - capacity;

    private int IndexOf(long span) => (int)(((span % capacity) + capacity) % capacity);
}
