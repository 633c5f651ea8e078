namespace AuctionTracker.Core.Windows;

/// <summary>
/// A cache of values by name that evicts the least recently used. Names come from messages and are unbounded; the cache keeps at least
/// the <paramref name="capacity"/> most recently used values, and at most twice as many. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
/// <param name="capacity">How many values are kept at least; at least 1.</param>
/// <param name="create">Creates the value of a name.</param>
internal sealed class LruCache<T>(int capacity, Func<string, T> create)
{
    private readonly Dictionary<string, Entry> _entries = [];
    private long _uses;

    /// <summary>The value of a name; a new one if the name is new or was evicted.</summary>
    /// <param name="name">The name.</param>
    public T this[string name]
    {
        get
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                if (_entries.Count == 2 * capacity)
                {
                    EvictLeastRecentlyUsedHalf();
                }

                _entries.Add(name, entry = new Entry(create(name)));
            }

            entry.LastUse = ++_uses;
            return entry.Value;
        }
    }

    /// <summary>How many values are kept now.</summary>
    public int Count => _entries.Count;

    /// <summary>Evicts half at a time, so that a new name takes O(log n) amortised.</summary>
    private void EvictLeastRecentlyUsedHalf()
    {
        foreach (var (name, _) in _entries.OrderBy(e => e.Value.LastUse).Take(capacity).ToList())
        {
            _entries.Remove(name);
        }
    }

    private sealed class Entry(T value)
    {
        public T Value => value;

        public long LastUse { get; set; }
    }
}
