using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace AuctionTracker.Core.Windows;

/// <summary>
/// The last N entries: adding one to a full window removes the oldest. Adding and the summary take O(1) amortised. Memory grows with the
/// entries, not with the capacity, until the window is full. Enumerates from the oldest entry to the newest. Not thread-safe.
/// </summary>
/// <remarks>
/// A queue made of two stacks in one ring buffer. For each entry of the older stack, the aggregate of it and all newer entries of that
/// stack is stored, so removing the oldest entry leaves the aggregate of the rest. The newer stack has one aggregate. Nothing is
/// subtracted, so sums do not drift, and high and low need no search.
/// </remarks>
/// <typeparam name="T">The type of the entries.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "\"Rolling window\" is the established term.")]
public sealed class RollingWindow<T> : IReadOnlyCollection<T>
{
    private readonly Func<T, decimal> _value;
    private T[] _ring = [];
    private Aggregate[] _older = [];
    private int _oldest;
    private int _olderCount;
    private int _newerCount;
    private Aggregate _newer;

    /// <summary>Creates an empty window.</summary>
    /// <param name="capacity">The most entries it holds; at least 1.</param>
    /// <param name="value">Returns the value of an entry for the summary. Called more than once per entry; must return the
    /// same value each time.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public RollingWindow(int capacity, Func<T, decimal> value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _value = value;
        Capacity = capacity;
    }

    /// <summary>The most entries it holds.</summary>
    public int Capacity { get; }

    /// <summary>How many entries it holds now.</summary>
    public int Count => _olderCount + _newerCount;

    /// <summary>The entry added last.</summary>
    /// <exception cref="InvalidOperationException">The window is empty.</exception>
    public T Latest => Count > 0 ? _ring[IndexOf(Count - 1)] : throw Empty();

    /// <summary>Count, latest, high, low, sum and mean of the entries in the window.</summary>
    /// <exception cref="InvalidOperationException">The window is empty.</exception>
    /// <exception cref="OverflowException">The sum exceeds <see cref="decimal"/>. The sum of bids read from the wire cannot, in a
    /// window that fits in memory.</exception>
    public WindowSummary Summary
    {
        get
        {
            var all = (_olderCount, _newerCount) switch
            {
                (0, 0) => throw Empty(),
                (0, _) => _newer,
                _ => _older[_oldest].Combine(_newer), // the newer stack is never empty here: it has the latest entry
            };
            return new WindowSummary(Count, _value(Latest), all.High, all.Low, all.Sum, all.Sum / Count);
        }
    }

    /// <summary>Adds an entry; removes the oldest from a full window.</summary>
    /// <param name="entry">The newest entry.</param>
    public void Add(T entry)
    {
        if (Count == Capacity)
        {
            RemoveOldest();
        }
        else if (Count == _ring.Length)
        {
            // Nothing was removed yet, so the oldest entry is at index 0.
            Array.Resize(ref _ring, Math.Min(Capacity, Math.Max(8, 2 * Count)));
        }

        var aggregate = Aggregate.Of(_value(entry));
        _newer = _newerCount == 0 ? aggregate : _newer.Combine(aggregate);
        _ring[IndexOf(Count)] = entry;
        _newerCount++;
    }

    /// <summary>The newest entries, the oldest of them first. Takes O(<paramref name="count"/>).</summary>
    /// <param name="count">The most entries to return.</param>
    public IEnumerable<T> Last(int count)
    {
        for (var i = Math.Max(0, Count - count); i < Count; i++)
        {
            yield return _ring[IndexOf(i)];
        }
    }

    /// <summary>Enumerates from the oldest entry to the newest. Adding during an enumeration is not detected.</summary>
    public IEnumerator<T> GetEnumerator() => Last(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static InvalidOperationException Empty() => new("The window is empty.");

    private int IndexOf(int age) => (_oldest + age) % _ring.Length;

    private void RemoveOldest()
    {
        if (_olderCount == 0)
        {
            MoveNewerToOlder();
        }

        _oldest = IndexOf(1);
        _olderCount--;
    }

    private void MoveNewerToOlder()
    {
        if (_older.Length == 0)
        {
            _older = new Aggregate[Capacity];
        }

        for (var i = _newerCount - 1; i >= 0; i--)
        {
            var aggregate = Aggregate.Of(_value(_ring[IndexOf(i)]));
            _older[IndexOf(i)] = i == _newerCount - 1 ? aggregate : aggregate.Combine(_older[IndexOf(i + 1)]);
        }

        (_olderCount, _newerCount) = (_newerCount, 0);
    }

    private readonly record struct Aggregate(decimal Sum, decimal High, decimal Low)
    {
        public static Aggregate Of(decimal value) => new(value, value, value);

        public Aggregate Combine(Aggregate other) => new(Sum + other.Sum, Math.Max(High, other.High), Math.Min(Low, other.Low));
    }
}
