namespace AuctionTracker.Core.Live.Sketches;

/// <summary>
/// Estimates quantiles of positive values with a bounded relative error, in a fixed number of buckets. The estimates do not depend on the
/// order of the values. Not thread-safe.
/// </summary>
/// <remarks>
/// DDSketch of Masson, Rim and Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees" (VLDB 2019). With
/// γ = (1 + accuracy) / (1 - accuracy), bucket i counts the values from γ^(i-1) (exclusive) to γ^i (inclusive). Where values span
/// more than the buckets, the lowest buckets collapse into one: only a value x with <see cref="Max"/> &gt; x · γ^(buckets - 1) loses the
/// bound. 2,048 buckets of 1 % hold values whose highest is 6 · 10^17 times the lowest; 0.5 % needs twice as many buckets for that.
/// </remarks>
public sealed class DDSketch
{
    private readonly double _gamma;
    private readonly double _logGamma;

    // A ring: bucket i is at i modulo the length, so bucket i takes the place of bucket i - length.
    private readonly long[] _buckets;
    private int _highest;
    private double _min = double.PositiveInfinity;
    private double _max;

    /// <summary>Creates an empty sketch.</summary>
    /// <param name="relativeAccuracy">The most by which an estimate differs from the true quantile, as a part of it; from 0.0001 to 0.5
    /// (inclusive).</param>
    /// <param name="maxBuckets">The number of buckets, of 8 bytes each; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public DDSketch(double relativeAccuracy = 0.01, int maxBuckets = 2_048)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(relativeAccuracy, 0.0001);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(relativeAccuracy, 0.5);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBuckets, 1);
        _gamma = (1 + relativeAccuracy) / (1 - relativeAccuracy);
        _logGamma = Math.Log(_gamma);
        _buckets = new long[maxBuckets];
    }

    /// <summary>How many values were added.</summary>
    public long Count { get; private set; }

    /// <summary>The lowest value, exact.</summary>
    /// <exception cref="InvalidOperationException">The sketch is empty.</exception>
    public double Min => Count > 0 ? _min : throw Empty();

    /// <summary>The highest value, exact.</summary>
    /// <exception cref="InvalidOperationException">The sketch is empty.</exception>
    public double Max => Count > 0 ? _max : throw Empty();

    /// <summary>Whether low values share a bucket because the buckets did not suffice; low quantiles may then be wrong.</summary>
    public bool IsCollapsed { get; private set; }

    private int Lowest => _highest - _buckets.Length + 1;

    /// <summary>Adds a value. Takes O(1) amortised.</summary>
    /// <param name="value">The value; finite and above zero.</param>
    /// <param name="count">How many times it came; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    /// <exception cref="OverflowException"><see cref="Count"/> would exceed <see cref="long"/>. Nothing is added.</exception>
    public void Add(double value, long count = 1)
    {
        if (!double.IsFinite(value) || value <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "The value must be finite and above zero.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var index = (int)Math.Ceiling(Math.Log(value) / _logGamma);
        var total = checked(Count + count);
        if (Count == 0)
        {
            _highest = index;
        }

        RaiseTo(index);
        IsCollapsed |= index < Lowest;
        Bucket(Math.Max(index, Lowest)) += count;
        (Count, _min, _max) = (total, Math.Min(_min, value), Math.Max(_max, value));
    }

    /// <summary>
    /// The estimated quantile: the value at position <paramref name="q"/> · (<see cref="Count"/> - 1) of all values in ascending order,
    /// interpolated between its neighbors as SQL's <c>percentile_cont</c> does. 0 gives <see cref="Min"/> and 1 gives <see cref="Max"/>.
    /// </summary>
    /// <param name="q">From 0 to 1 (inclusive); 0.5 is the median.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is outside its range.</exception>
    /// <exception cref="InvalidOperationException">The sketch is empty.</exception>
    public double Quantile(double q)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(q, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        var position = Count > 0 ? q * (Count - 1) : throw Empty();
        var rank = (long)position;
        var (low, high) = (ValueAt(rank), ValueAt(rank + 1));
        return low + ((position - rank) * (high - low));
    }

    /// <summary>
    /// The estimated number of values up to <paramref name="value"/>. Only values that differ from it by less than twice the relative accuracy
    /// can be counted wrongly.
    /// </summary>
    /// <param name="value">The value (inclusive); any number.</param>
    public long CountUpTo(double value)
    {
        if (Count == 0 || value < _min)
        {
            return 0;
        }

        if (value >= _max)
        {
            return Count;
        }

        var index = Math.Max((int)Math.Ceiling(Math.Log(value) / _logGamma), Lowest);
        var count = 0L;
        for (var i = Lowest; i < index; i++)
        {
            count += Bucket(i);
        }

        // The part of the bucket's width that lies below the value.
        var lower = Math.Exp((index - 1) * _logGamma);
        return count + (long)(Bucket(index) * Math.Clamp((value - lower) / (lower * (_gamma - 1)), 0, 1));
    }

    private static InvalidOperationException Empty() => new("The sketch is empty.");

    private double ValueAt(long rank)
    {
        if (rank == 0 || rank >= Count - 1)
        {
            return rank == 0 ? _min : _max;
        }

        var index = Lowest;
        for (var seen = Bucket(index); seen <= rank; seen += Bucket(index))
        {
            index++;
        }

        // The value with the same relative distance to both ends of the bucket.
        return Math.Clamp(2 * Math.Exp(index * _logGamma) / (_gamma + 1), _min, _max);
    }

    /// <summary>Makes room for a higher bucket. What lies below the lowest bucket then goes into the lowest.</summary>
    private void RaiseTo(int index)
    {
        var collapsed = 0L;
        for (var i = _highest + 1; i <= Math.Min(index, _highest + _buckets.Length); i++)
        {
            collapsed += Bucket(i);
            Bucket(i) = 0;
        }

        _highest = Math.Max(_highest, index);
        Bucket(Lowest) += collapsed;
        IsCollapsed |= collapsed > 0;
    }

    private ref long Bucket(int index) => ref _buckets[((index % _buckets.Length) + _buckets.Length) % _buckets.Length];
}
