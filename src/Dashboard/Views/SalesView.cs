using AuctionTracker.Core.Settings;
using AuctionTracker.Dashboard.Feeds;
using AuctionTracker.Sales.Live;

namespace AuctionTracker.Dashboard.Views;

/// <summary>All that the page of sales shows. Immutable.</summary>
/// <param name="Figures">The figures.</param>
/// <param name="Status">How far they can be trusted.</param>
/// <param name="StockSettings">When an item is refilled.</param>
public sealed record SalesView(SalesSnapshot Figures, SalesStatus Status, StockSettings StockSettings)
{
    private const int StockRows = 20;

    public SalesFlowChart Flow { get; } = new(Figures);

    public SettleChart Settle { get; } = new(Figures);

    /// <summary>The stock of the items that have the least.</summary>
    public IReadOnlyList<StockLevel> Stock { get; } = [.. Figures.Stock.OrderBy(level => level.Quantity).ThenBy(level => level.Item, StringComparer.Ordinal).Take(StockRows)];

    /// <summary>The number of items that have less than is refilled at.</summary>
    public int LowItems { get; } = Figures.Stock.Count(level => level.Quantity < StockSettings.RefillAt);

    /// <summary>Whether an item has less than is refilled at.</summary>
    public bool IsLow(StockLevel level) => level.Quantity < StockSettings.RefillAt;
}

/// <summary>The auctions that closed in each time of the window: sold ones, and above them those that were not. Immutable.</summary>
public sealed class SalesFlowChart
{
    public SalesFlowChart(SalesSnapshot figures)
    {
        (Points, To, Step) = (figures.Points, figures.Time, TimeSpan.FromSeconds(figures.Timeline.Step));
        Plot = Plot.Of(SecondsOf(Points[0].Opens), SecondsOf(To), Points.Max(point => point.Sold + point.Unsold), isWhole: true);
        Sold = Bars(point => point.Sold);
        All = Bars(point => point.Sold + point.Unsold);
    }

    /// <summary>The points, the oldest first.</summary>
    public IReadOnlyList<SalesPoint> Points { get; }

    public DateTimeOffset From => Points[0].Opens;

    public DateTimeOffset To { get; }

    /// <summary>The time of a point.</summary>
    public TimeSpan Step { get; }

    public Plot Plot { get; }

    public bool IsEmpty => Points.All(point => point.Sold + point.Unsold == 0);

    public string Sold { get; }

    public string All { get; }

    /// <summary>The point at a part of the width.</summary>
    public SalesPoint At(double part) => PointAt(Points, Plot, part);

    internal static SalesPoint PointAt(IReadOnlyList<SalesPoint> points, Plot plot, double part)
    {
        var second = plot.From + (part * (plot.To - plot.From));
        return points.LastOrDefault(point => SecondsOf(point.Opens) <= second, points[0]);
    }

    internal static double SecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private string Bars(Func<SalesPoint, double> value) => Plot.Bars(Points.Where(point => value(point) > 0).Select(point =>
        (SecondsOf(point.Opens), SecondsOf(point.Opens) + (0.85 * Step.TotalSeconds), value(point))));
}

/// <summary>The time from closing to settling over the window. Immutable.</summary>
public sealed class SettleChart
{
    public SettleChart(SalesSnapshot figures)
    {
        (Points, To, Step) = (figures.Points, figures.Time, TimeSpan.FromSeconds(figures.Timeline.Step));
        var settled = Points.Where(point => point.Settled > 0).ToList();
        Plot = Plot.Of(SalesFlowChart.SecondsOf(Points[0].Opens), SalesFlowChart.SecondsOf(To), (double)Points.Max(point => point.LongestSeconds));
        var half = Step.TotalSeconds / 2;
        Medians = Plot.Line(settled.Select(point => (SalesFlowChart.SecondsOf(point.Opens) + half, (double)point.MedianSeconds)));
        MedianDots = Plot.Dots(settled.Select(point => (SalesFlowChart.SecondsOf(point.Opens) + half, (double)point.MedianSeconds)));
        Longest = string.Concat(settled.Select(point =>
            $"M{Plot.X(SalesFlowChart.SecondsOf(point.Opens))} {Plot.Y((double)point.LongestSeconds)}H{Plot.X(SalesFlowChart.SecondsOf(point.Opens) + (2 * half))}"));
    }

    /// <summary>The points, the oldest first.</summary>
    public IReadOnlyList<SalesPoint> Points { get; }

    public DateTimeOffset From => Points[0].Opens;

    public DateTimeOffset To { get; }

    /// <summary>The time of a point.</summary>
    public TimeSpan Step { get; }

    public Plot Plot { get; }

    public bool IsEmpty => Points.All(point => point.Settled == 0);

    public string Medians { get; }

    public string MedianDots { get; }

    public string Longest { get; }

    /// <summary>The point at a part of the width.</summary>
    public SalesPoint At(double part) => SalesFlowChart.PointAt(Points, Plot, part);
}
