using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace AuctionTracker.Core.Windows;

/// <summary>
/// The last N entries: when one is added to a full window, the oldest leaves. Adding and the summary take O(1) amortised,
/// whatever the capacity. It takes room for what it holds, not for what it could hold. Enumerates from the oldest to the newest. Not thread-safe.
/// </summary>
/// <remarks>
/// A queue made of two stacks. The older stack is a stretch of the ring whose running figures were computed once, from its
/// newest entry to its oldest, so taking its oldest away uncovers the figures of the rest; the newer stack only needs its
/// figures as a whole. Nothing is ever subtracted, so sums do not drift, and high and low need no search.
/// </remarks>
/// <typeparam name="T">What is kept.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "A rolling window is what the field calls it.")]
public sealed class RollingWindow<T> : IReadOnlyCollection<T>
{
    private readonly Func<T, decimal> _value;
    private T[] _ring = [];
    private Figures[] _older = [];
    private int _oldest;
    private int _olderCount;
    private int _newerCount;
    private Figures _newer;

    /// <summary>Makes an empty window.</summary>
    /// <param name="capacity">How many entries it holds at the most; at least 1.</param>
    /// <param name="value">The value of an entry that the summary is about. Called once or twice an entry; must always
    /// answer the same.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public RollingWindow(int capacity, Func<T, decimal> value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _value = value;
        Capacity = capacity;
    }

    /// <summary>How many entries it holds at the most.</summary>
    public int Capacity { get; }

    /// <summary>How many entries it holds now.</summary>
    public int Count => _olderCount + _newerCount;

    /// <summary>The entry added last.</summary>
    /// <exception cref="InvalidOperationException">The window is empty.</exception>
    public T Latest => Count > 0 ? _ring[Place(Count - 1)] : throw Empty();

    /// <summary>The figures of what the window holds now.</summary>
    /// <exception cref="InvalidOperationException">The window is empty.</exception>
    /// <exception cref="OverflowException">The sum is beyond <see cref="decimal"/>; bids read from the wire cannot get there
    /// with a window that fits in memory.</exception>
    public WindowSummary Summary
    {
        get
        {
            var all = (_olderCount, _newerCount) switch
            {
                (0, 0) => throw Empty(),
                (0, _) => _newer,
                _ => _older[_oldest].And(_newer), // whatever was added last is in the newer stack
            };
            return new WindowSummary(Count, _value(Latest), all.High, all.Low, all.Sum, all.Sum / Count);
        }
    }

    /// <summary>Adds an entry; in a full window the oldest leaves.</summary>
    /// <param name="entry">The newest entry.</param>
    public void Add(T entry)
    {
        if (Count == Capacity)
        {
            RemoveOldest();
        }
        else if (Count == _ring.Length)
        {
            // Nothing has left yet, so the oldest is still in the first place.
            Array.Resize(ref _ring, Math.Min(Capacity, Math.Max(8, 2 * Count)));
        }

        var figures = Figures.Of(_value(entry));
        _newer = _newerCount == 0 ? figures : _newer.And(figures);
        _ring[Place(Count)] = entry;
        _newerCount++;
    }

    /// <summary>The newest entries, the oldest of them first. Takes as long as there are entries asked for, however many there are.</summary>
    /// <param name="count">How many at the most.</param>
    public IEnumerable<T> Last(int count)
    {
        for (var i = Math.Max(0, Count - count); i < Count; i++)
        {
            yield return _ring[Place(i)];
        }
    }

    /// <summary>Enumerates from the oldest entry to the newest. Adding during an enumeration is not detected.</summary>
    public IEnumerator<T> GetEnumerator() => Last(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static InvalidOperationException Empty() => new("The window is empty.");

    private int Place(int age) => (_oldest + age) % _ring.Length;

    private void RemoveOldest()
    {
        if (_olderCount == 0)
        {
            TurnNewerIntoOlder();
        }

        _oldest = Place(1);
        _olderCount--;
    }

    private void TurnNewerIntoOlder()
    {
        if (_older.Length == 0)
        {
            _older = new Figures[Capacity];
        }

        for (var i = _newerCount - 1; i >= 0; i--)
        {
            var figures = Figures.Of(_value(_ring[Place(i)]));
            _older[Place(i)] = i == _newerCount - 1 ? figures : figures.And(_older[Place(i + 1)]);
        }

        (_olderCount, _newerCount) = (_newerCount, 0);
    }

    private readonly record struct Figures(decimal Sum, decimal High, decimal Low)
    {
        public static Figures Of(decimal value) => new(value, value, value);

        public Figures And(Figures other) => new(Sum + other.Sum, Math.Max(High, other.High), Math.Min(Low, other.Low));
    }
}
