using AuctionTracker.Core.Live.Sketches;

namespace AuctionTracker.Core.Live;

/// <summary>
/// Counts distinct texts by their hashes: exactly while the shared budget lasts, then by HyperLogLog. Two texts with the same 64-bit hash
/// count as one; among a hundred thousand texts that happens once in four billion runs. Not thread-safe.
/// </summary>
/// <param name="budget">How many hashes may be kept.</param>
internal sealed class DistinctCount(DistinctBudget budget)
{
    private HashSet<ulong>? _hashes = [];
    private HyperLogLog? _sketch;

    /// <summary>Whether the count is exact.</summary>
    public bool IsExact => _sketch is null;

    /// <summary>The number of distinct texts.</summary>
    public long Count => _sketch?.Estimate() ?? _hashes!.Count;

    /// <summary>Adds a text by its hash.</summary>
    public void Add(ulong hash)
    {
        if (_sketch is not null)
        {
            _sketch.AddHash(hash);
        }
        else if (_hashes!.Add(hash) && !budget.TryTake())
        {
            budget.Return(_hashes.Count - 1);
            _sketch = new HyperLogLog();
            foreach (var known in _hashes)
            {
                _sketch.AddHash(known);
            }

            _hashes = null;
        }
    }
}

/// <summary>How many hashes several counts may keep in all.</summary>
/// <param name="limit">The number.</param>
internal sealed class DistinctBudget(int limit)
{
    private int _used;

    public bool TryTake() => _used < limit && ++_used > 0;

    public void Return(int count) => _used -= count;
}
