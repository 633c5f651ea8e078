using AuctionTracker.Core.Live;
using AuctionTracker.Dashboard.Feeds;

namespace AuctionTracker.Dashboard.Views;

/// <summary>Bids a second, and the number of all bids, over the window. Immutable.</summary>
public sealed class FlowChart
{
    private readonly IReadOnlyList<FlowPoint> _points;
    private readonly int _step;

    public FlowChart(LiveSnapshot live, FeedStatus status)
    {
        (_points, _step) = (live.Flow, live.Timeline.Step);
        var (from, to) = (SecondsOf(live.Time - live.Timeline.Window), SecondsOf(live.Time));
        Rate = Plot.Of(from, to, live.Flow.Max(point => point.Rate));
        Total = Plot.Of(from, to, live.Flow[^1].Total);
        var rates = live.Flow.Select(point => (SecondsOf(point.Opens), point.Rate)).Append((to, live.Flow[^1].Rate)).ToList();
        RateLine = Rate.StepLine(rates);
        RateArea = $"{RateLine}V{Plot.Height}H{Rate.X(rates[0].Item1)}z";
        TotalLine = Total.Line(live.Flow.Select(point => (SecondsOf(point.Opens) + _step, (double)point.Total)));
        Gaps = [.. status.Gaps.Concat(status is { IsConnected: false, WasConnected: true } ? [new Gap(status.Since, live.Time)] : [])
            .Where(gap => SecondsOf(gap.To) > from).Select(gap => gap with { From = gap.From > live.Time - live.Timeline.Window ? gap.From : live.Time - live.Timeline.Window })];
        IsEmpty = live.Amounts.Bids == 0;
    }

    public bool IsEmpty { get; }

    public Plot Rate { get; }

    public Plot Total { get; }

    public string RateLine { get; }

    public string RateArea { get; }

    public string TotalLine { get; }

    /// <summary>The times in which no bids were seen.</summary>
    public IReadOnlyList<Gap> Gaps { get; }

    /// <summary>The points, for the table behind the chart.</summary>
    public IReadOnlyList<FlowPoint> Points => _points;

    public DateTimeOffset From => DateTimeOffset.UnixEpoch.AddSeconds(Rate.From);

    public DateTimeOffset To => DateTimeOffset.UnixEpoch.AddSeconds(Rate.To);

    public string GapPath => string.Concat(Gaps.Select(gap =>
        $"M{Rate.X(SecondsOf(gap.From))} 0V{Plot.Height}H{Rate.X(SecondsOf(gap.To))}V0z"));

    /// <summary>The point at a part of the width.</summary>
    public FlowPoint At(double part)
    {
        var second = Rate.From + (part * (Rate.To - Rate.From));
        return _points.LastOrDefault(point => SecondsOf(point.Opens) <= second, _points[0]);
    }

    /// <summary>The time of a point.</summary>
    public TimeSpan Step => TimeSpan.FromSeconds(_step);

    private static double SecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
