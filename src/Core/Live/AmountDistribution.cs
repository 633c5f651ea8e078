using AuctionTracker.Core.Live.Sketches;

namespace AuctionTracker.Core.Live;

/// <summary>
/// How amounts are distributed. Exact up to 100,000 different amounts of at most four decimals; then percentiles are within 1 % and the
/// histogram is drawn from them. Independent of the order. Not thread-safe.
/// </summary>
/// <param name="bound">The number of different amounts that are kept.</param>
public sealed class AmountDistribution(int bound = AmountDistribution.DefaultBound)
{
    /// <summary>The number of different amounts that are kept if no other is given.</summary>
    public const int DefaultBound = 100_000;

    private const int Scale = 10_000;
    private const int SketchBuckets = 4_096;

    private Dictionary<long, long>? _counts = [];
    private (long Amount, long Count)[]? _sorted;
    private DDSketch? _sketch;
    private decimal _lowest = decimal.MaxValue;
    private decimal _highest;
    private long _count;

    /// <summary>Whether percentiles and the histogram are exact.</summary>
    public bool IsExact => _sketch is null;

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">The amount; above zero, with at most four decimals.</param>
    public void Add(decimal amount)
    {
        (_lowest, _highest, _count, _sorted) = (Math.Min(_lowest, amount), Math.Max(_highest, amount), _count + 1, null);
        if (_sketch is not null)
        {
            _sketch.Add((double)amount);
            return;
        }

        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts!, (long)(amount * Scale), out _)++;
        if (_counts!.Count > bound)
        {
            _sketch = new DDSketch(maxBuckets: SketchBuckets);
            foreach (var (known, count) in _counts)
            {
                _sketch.Add(known / (double)Scale, count);
            }

            _counts = null;
        }
    }

    /// <summary>
    /// The amount at a part of all amounts in ascending order, interpolated as SQL's <c>percentile_cont</c> does and rounded to cents; 0
    /// without amounts.
    /// </summary>
    /// <param name="part">The part, from 0 to 1 (inclusive): 0.5 for the median.</param>
    public decimal Percentile(decimal part)
    {
        if (_count == 0)
        {
            return 0;
        }

        if (_sketch is not null)
        {
            return decimal.Round((decimal)_sketch.Quantile((double)part), 2);
        }

        var position = part * (_count - 1);
        var (low, high) = (AmountAt((long)position), AmountAt((long)Math.Ceiling(position)));
        return decimal.Round(low + ((position % 1) * (high - low)), 2, MidpointRounding.AwayFromZero);
    }

    /// <summary>The lowest amount that a part of all amounts does not exceed, rounded to cents; 0 without amounts.</summary>
    /// <param name="part">The part, above 0 and up to 1: 0.99 for that of 99 of a hundred.</param>
    public decimal NearestRank(decimal part) =>
        _count == 0 ? 0 : decimal.Round(_sketch is null ? AmountAt((long)Math.Ceiling(part * _count) - 1) : (decimal)_sketch.Quantile((double)part), 2, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Up to so many buckets of equal width in whole cents, the first from the lowest amount on, each ending below its upper bound: those of
    /// the report <c>amounts</c>.
    /// </summary>
    /// <param name="buckets">The number of buckets; at least 1.</param>
    public IReadOnlyList<AmountBucket> Histogram(int buckets)
    {
        if (_count == 0)
        {
            return [];
        }

        var (low, top) = ((long)Math.Floor(_lowest * 100), (long)Math.Floor(_highest * 100));
        var width = ((top - low) / buckets) + 1;
        return Buckets(low, width, (int)((top - low) / width) + 1);
    }

    /// <summary>
    /// Buckets for a chart, of equal width and with round bounds. They end near the 99th percentile, so that a few amounts far above do not
    /// press all others into one bucket; the last bucket holds those, too.
    /// </summary>
    /// <param name="buckets">The number of buckets; at least 2.</param>
    public AmountChart Chart(int buckets)
    {
        if (_count == 0)
        {
            return new AmountChart([], IsOpenEnded: false);
        }

        var (low, most) = ((long)Math.Floor(_lowest * 100), (long)(Percentile(0.99m) * 100));
        var width = RoundWidths().First(width => (low / width * width) + ((buckets - 1) * width) > most);
        var from = low / width * width;
        return new AmountChart(Buckets(from, width, buckets), _highest * 100 >= from + (buckets * width));

        static IEnumerable<long> RoundWidths()
        {
            for (var power = 1L; ; power *= 10)
            {
                foreach (var tenths in (long[])[10, 15, 20, 25, 30, 40, 50, 60, 80])
                {
                    if (tenths * power % 10 == 0)
                    {
                        yield return tenths * power / 10;
                    }
                }
            }
        }
    }

    /// <summary>The buckets from an amount on, in cents. The last one also counts what is above it.</summary>
    private IReadOnlyList<AmountBucket> Buckets(long from, long width, int buckets)
    {
        var counts = new long[buckets];
        if (_sketch is not null)
        {
            var below = 0L;
            for (var i = 0; i < buckets; i++)
            {
                var upTo = i == buckets - 1 ? _count : _sketch.CountUpTo((from + ((i + 1) * width)) / 100.0);
                (counts[i], below) = (upTo - below, upTo);
            }
        }
        else
        {
            foreach (var (amount, count) in _counts!)
            {
                counts[Math.Min(((amount / (Scale / 100)) - from) / width, buckets - 1)] += count;
            }
        }

        return [.. counts.Select((count, i) => new AmountBucket((from + (i * width)) * 0.01m, (from + ((i + 1) * width)) * 0.01m, count))];
    }

    private decimal AmountAt(long place)
    {
        if (_sorted is null)
        {
            _sorted = [.. _counts!.Select(entry => (entry.Key, entry.Value))];
            Array.Sort(_sorted, static (a, b) => a.Amount.CompareTo(b.Amount));
        }

        foreach (var (amount, count) in _sorted)
        {
            if ((place -= count) < 0)
            {
                return amount / (decimal)Scale;
            }
        }

        return _highest;
    }
}

/// <summary>A bucket of a histogram.</summary>
/// <param name="From">The least amount (inclusive).</param>
/// <param name="To">The amount above (exclusive).</param>
/// <param name="Bids">The number of bids.</param>
public readonly record struct AmountBucket(decimal From, decimal To, long Bids);

/// <summary>The buckets of a chart.</summary>
/// <param name="Buckets">The buckets.</param>
/// <param name="IsOpenEnded">Whether the last bucket also counts amounts above its upper bound.</param>
public sealed record AmountChart(IReadOnlyList<AmountBucket> Buckets, bool IsOpenEnded);
