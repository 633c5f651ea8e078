namespace AuctionTracker.Core.Windows;

/// <summary>
/// Values by name, made when they are first asked for. Names come from outside, without end: so only those asked for last are
/// kept, at least <paramref name="capacity"/> and at most twice as many. Not thread-safe.
/// </summary>
/// <typeparam name="T">What is kept for a name.</typeparam>
/// <param name="capacity">How many are kept at the least; at least 1.</param>
/// <param name="make">Makes the value of a name.</param>
internal sealed class LruCache<T>(int capacity, Func<string, T> make)
{
    private readonly Dictionary<string, Entry> _entries = [];
    private long _clock;

    /// <summary>The value of a name; a new one where it was never asked for, or not for long.</summary>
    /// <param name="name">The name.</param>
    public T this[string name]
    {
        get
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                if (_entries.Count == 2 * capacity)
                {
                    ForgetTheOlderHalf();
                }

                _entries.Add(name, entry = new Entry(make(name)));
            }

            entry.Used = ++_clock;
            return entry.Value;
        }
    }

    /// <summary>How many are kept now.</summary>
    public int Count => _entries.Count;

    /// <summary>Half at a time, so that a new name costs little on average.</summary>
    private void ForgetTheOlderHalf()
    {
        foreach (var (name, _) in _entries.OrderBy(e => e.Value.Used).Take(capacity).ToList())
        {
            _entries.Remove(name);
        }
    }

    private sealed class Entry(T value)
    {
        public T Value => value;

        public long Used { get; set; }
    }
}
