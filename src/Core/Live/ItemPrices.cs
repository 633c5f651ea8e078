using AuctionTracker.Core.Windows;

namespace AuctionTracker.Core.Live;

/// <summary>The prices of an item over a window, by arrival, and when it had no bids. Not thread-safe.</summary>
/// <param name="timeline">The points of the window.</param>
/// <param name="stalledAfter">The time without a bid after which an item is stalled.</param>
/// <param name="rollingSize">The number of bids of the rolling mean.</param>
internal sealed class ItemPrices(Timeline timeline, TimeSpan stalledAfter, int rollingSize)
{
    private const int MaxStalls = 100;

    private readonly TimeRing<Point> _points = new(timeline.Points);
    private readonly TimeRing<decimal> _minutes = new((timeline.Seconds / 60) + 2);
    private readonly Queue<Stall> _stalls = [];
    private readonly LatestBids _latest = new(rollingSize);
    private readonly RollingWindow<decimal> _arrivals = new(rollingSize, static amount => amount);
    private DateTimeOffset? _lastArrival;

    /// <summary>The mean of the latest bids by their own time, as in the report <c>rolling</c>.</summary>
    public decimal Mean => _latest.Mean;

    public void Add(DateTimeOffset arrived, DateTimeOffset time, string id, decimal amount, bool isHigh)
    {
        _latest.Add(time, id, amount);
        _arrivals.Add(amount);
        var last = _arrivals.Summary;
        ref var point = ref _points.At(timeline.PointAt(arrived));
        point = new Point(AmountFigures.Mean(last.Sum, last.Count), Math.Max(point.HighBid, isHigh ? amount : 0), point.HighBids + (isHigh ? 1 : 0));
        ref var highest = ref _minutes.At(MinuteOf(arrived));
        highest = Math.Max(highest, amount);

        if (_lastArrival is { } before && arrived - before > stalledAfter)
        {
            _stalls.Enqueue(new Stall(before + stalledAfter, arrived));
            if (_stalls.Count > MaxStalls)
            {
                _stalls.Dequeue();
            }
        }

        _lastArrival = _lastArrival > arrived ? _lastArrival : arrived;
    }

    /// <summary>What a chart of the window shows.</summary>
    /// <param name="item">The name of the item.</param>
    /// <param name="now">The time.</param>
    public PriceSeries SeriesAt(string item, DateTimeOffset now)
    {
        var last = timeline.PointAt(now);
        var from = timeline.TimeOf(last - timeline.Points + 1);
        var points = Enumerable.Range(0, timeline.Points).Select(i => last - timeline.Points + 1 + i)
            .Select(number => (Time: timeline.TimeOf(number), Point: _points[number])).Where(p => p.Point.Mean > 0).ToList();
        var minutes = Enumerable.Range(0, (int)(MinuteOf(now) - MinuteOf(from)) + 1).Select(i => MinuteOf(from) + i)
            .Where(minute => _minutes[minute] > 0);
        var open = _lastArrival is { } arrival && now - arrival > stalledAfter ? [new Stall(arrival + stalledAfter, null)] : (Stall[])[];
        return new PriceSeries(
            item,
            [.. points.Select(p => new PricePoint(p.Time, p.Point.Mean))],
            [.. minutes.Select(minute => new PricePoint(DateTimeOffset.FromUnixTimeSeconds(minute * 60), _minutes[minute]))],
            [.. points.Where(p => p.Point.HighBids > 0).Select(p => new HighBids(p.Time, p.Point.HighBids, p.Point.HighBid))],
            [.. _stalls.Where(stall => stall.Until > from).Concat(open)]);
    }

    private static long MinuteOf(DateTimeOffset time) => (long)Math.Floor(time.ToUnixTimeSeconds() / 60.0);

    private record struct Point(decimal Mean, decimal HighBid, int HighBids);
}

/// <summary>The prices of an item over a window.</summary>
/// <param name="Item">The item.</param>
/// <param name="Means">The mean of the bids that had arrived last, at the end of each point that had bids.</param>
/// <param name="Highest">The highest amount of each minute that had bids.</param>
/// <param name="High">The points with bids above the threshold.</param>
/// <param name="Stalls">When the item had no bids for too long.</param>
public sealed record PriceSeries(
    string Item, IReadOnlyList<PricePoint> Means, IReadOnlyList<PricePoint> Highest, IReadOnlyList<HighBids> High, IReadOnlyList<Stall> Stalls);

/// <summary>An amount at a time.</summary>
/// <param name="Time">When its time begins.</param>
/// <param name="Amount">The amount.</param>
public readonly record struct PricePoint(DateTimeOffset Time, decimal Amount);

/// <summary>Bids above the threshold, at one point.</summary>
/// <param name="Time">When the point begins.</param>
/// <param name="Bids">Their number.</param>
/// <param name="Highest">The highest of them.</param>
public readonly record struct HighBids(DateTimeOffset Time, int Bids, decimal Highest);

/// <summary>A time in which an item is stalled.</summary>
/// <param name="Since">When it has been without a bid for too long.</param>
/// <param name="Until">When the next bid came; <see langword="null"/>: none has come yet.</param>
public readonly record struct Stall(DateTimeOffset Since, DateTimeOffset? Until);
