namespace AuctionTracker.Core.Live;

/// <summary>Finds the largest of many.</summary>
internal static class Top
{
    /// <summary>The largest values, the largest first. Takes O(n log count).</summary>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> values, int count, Comparison<T> compare)
    {
        var best = new PriorityQueue<T, T>(Comparer<T>.Create(compare));
        foreach (var value in values)
        {
            if (best.Count < count)
            {
                best.Enqueue(value, value);
            }
            else
            {
                best.EnqueueDequeue(value, value);
            }
        }

        var top = new T[best.Count];
        while (best.TryDequeue(out var value, out _))
        {
            top[best.Count] = value;
        }

        return top;
    }
}
