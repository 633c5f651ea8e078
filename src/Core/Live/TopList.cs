namespace AuctionTracker.Core.Live;

/// <summary>Keeps the largest of the values that it is offered. Not thread-safe.</summary>
/// <typeparam name="T">The type of a value.</typeparam>
/// <param name="capacity">The number of values that are kept; at least 1.</param>
/// <param name="compare">Compares two values.</param>
internal sealed class TopList<T>(int capacity, Comparison<T> compare)
{
    private readonly PriorityQueue<T, T> _best = new(Comparer<T>.Create(compare));

    /// <summary>Keeps a value if it is among the largest. Most values of many are not, and cost one comparison.</summary>
    public void Offer(T value)
    {
        if (_best.Count < capacity)
        {
            _best.Enqueue(value, value);
        }
        else if (compare(value, _best.Peek()) > 0)
        {
            _best.DequeueEnqueue(value, value);
        }
    }

    /// <summary>The values, the largest first. The list is empty afterwards.</summary>
    public T[] Take()
    {
        var top = new T[_best.Count];
        while (_best.TryDequeue(out var value, out _))
        {
            top[_best.Count] = value;
        }

        return top;
    }
}
