using System.Diagnostics.CodeAnalysis;

namespace AuctionTracker.Core.Live.Sketches;

/// <summary>
/// Counts the most frequent keys of a stream in a fixed number of counters. Counts are exact until a key comes that finds no free counter.
/// From then on, a new key takes over the smallest counter: it evicts that counter's key and starts at its count, which is stored as the
/// error. Every key that came more than <see cref="MaxError"/> times has a counter. Not thread-safe.
/// </summary>
/// <remarks>
/// The Space-Saving algorithm of Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams"
/// (ICDT 2005). Instead of the paper's linked buckets there is a priority queue that is updated late: a counter that grows keeps its old,
/// lower priority until it comes first. So an addition to a known key takes O(1), and any addition O(log <see cref="Capacity"/>)
/// amortised, whatever its count; one eviction can take O(<see cref="Capacity"/> log <see cref="Capacity"/>). Memory grows with the keys,
/// not with the capacity, until all counters are taken.
/// </remarks>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class SpaceSaving<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Slot> _slots = [];
    private readonly PriorityQueue<Slot, long> _smallest = new();
    private readonly Comparer<Slot> _lastInTopFirst;

    /// <summary>Creates a sketch without counts.</summary>
    /// <param name="capacity">The number of counters; at least 1.</param>
    /// <param name="keyOrder">Orders keys of equal counts in <see cref="Top"/>, such as <see cref="StringComparer.Ordinal"/>;
    /// <see cref="Comparer{T}.Default"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public SpaceSaving(int capacity, IComparer<TKey>? keyOrder = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        keyOrder ??= Comparer<TKey>.Default;
        _lastInTopFirst = Comparer<Slot>.Create(
            (a, b) => a.Count != b.Count ? a.Count.CompareTo(b.Count) : keyOrder.Compare(b.Key, a.Key));
    }

    /// <summary>The most keys that have a counter at the same time.</summary>
    public int Capacity { get; }

    /// <summary>How many keys have a counter now.</summary>
    public int Count => _slots.Count;

    /// <summary>The sum of all counts added, which is also the sum of all counters.</summary>
    public long Total { get; private set; }

    /// <summary>True as long as no key was evicted: every key has a counter, and every counter is exact.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>The bound of every error: 0 while <see cref="IsExact"/>, then <see cref="Total"/> / <see cref="Capacity"/>, rounded
    /// down. A key without a counter came at most so many times.</summary>
    public long MaxError => IsExact ? 0 : Total / Capacity;

    /// <summary>Adds to the count of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many times it came; at least 1. Exact counts from elsewhere can be added this way.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="OverflowException"><see cref="Total"/> would exceed <see cref="long"/>. Nothing is added.</exception>
    public void Add(TKey key, long count = 1) => Add(key, count, out _);

    /// <summary>Adds to the count of a key, and tells which key lost its counter to it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many times it came; at least 1.</param>
    /// <param name="evicted">The key that has no counter any more, so that the caller can drop what it keeps about that key.</param>
    /// <returns>Whether a key was evicted.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="OverflowException"><see cref="Total"/> would exceed <see cref="long"/>. Nothing is added.</exception>
    public bool Add(TKey key, long count, [MaybeNullWhen(false)] out TKey evicted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var isKnown = _slots.TryGetValue(key, out var slot);
        Total = checked(Total + count);
        evicted = default;
        if (isKnown)
        {
            slot!.Count += count;
            return false;
        }

        if (Count < Capacity)
        {
            slot = new Slot { Key = key, Count = count };
            _slots.Add(key, slot);
            _smallest.Enqueue(slot, count);
            return false;
        }

        slot = Smallest();
        evicted = slot.Key;
        _slots.Remove(evicted);
        _slots.Add(key, slot);
        (slot.Key, slot.Count, slot.Error) = (key, slot.Count + count, slot.Count);
        IsExact = false;
        return true;
    }

    /// <summary>The counter of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="counter">Its counter, if it has one.</param>
    /// <returns>Whether the key has a counter. If not, it came at most <see cref="MaxError"/> times.</returns>
    public bool TryGetCounter(TKey key, out Counter<TKey> counter)
    {
        var isKnown = _slots.TryGetValue(key, out var slot);
        counter = isKnown ? slot!.ToCounter() : default;
        return isKnown;
    }

    /// <summary>The keys with the highest counts, the highest first; equal counts in the order of their keys. Takes
    /// O(<see cref="Count"/> log <paramref name="n"/>).</summary>
    /// <param name="n">The most counters to return; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    public IReadOnlyList<Counter<TKey>> Top(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var best = new PriorityQueue<Slot, Slot>(_lastInTopFirst);
        foreach (var slot in _slots.Values)
        {
            if (best.Count < n)
            {
                best.Enqueue(slot, slot);
            }
            else
            {
                best.EnqueueDequeue(slot, slot);
            }
        }

        var top = new Counter<TKey>[best.Count];
        while (best.TryDequeue(out var slot, out _))
        {
            top[best.Count] = slot.ToCounter();
        }

        return top;
    }

    /// <summary>No priority exceeds the count of its slot, so the first slot whose priority is up to date has the smallest count.</summary>
    private Slot Smallest()
    {
        while (_smallest.TryPeek(out var slot, out var priority) && priority < slot.Count)
        {
            _smallest.DequeueEnqueue(slot, slot.Count);
        }

        return _smallest.Peek();
    }

    private sealed class Slot
    {
        public required TKey Key { get; set; }

        public long Count { get; set; }

        public long Error { get; set; }

        public Counter<TKey> ToCounter() => new(Key, Count, Error);
    }
}
