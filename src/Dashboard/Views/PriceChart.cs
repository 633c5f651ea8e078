using AuctionTracker.Core.Live;

namespace AuctionTracker.Dashboard.Views;

/// <summary>The prices of some items over the window. Immutable.</summary>
public sealed class PriceChart
{
    private readonly IReadOnlyList<PriceSeries> _series;

    public PriceChart(LiveSnapshot live, IReadOnlyList<PriceSeries> series, decimal? threshold)
    {
        _series = series;
        (From, To) = (live.Time - live.Timeline.Window, live.Time);
        var amounts = series.SelectMany(s => s.Means.Concat(s.Highest)).Select(p => p.Amount).Append(threshold ?? 0);
        Plot = Plot.Of(SecondsOf(From), SecondsOf(To), (double)amounts.Max());
        Threshold = threshold;
        RollingSize = live.RollingSize;
        var half = live.Timeline.Step / 2.0;
        Lines =
        [
            .. series.Select((s, i) => new PriceLine(
                s.Item,
                i,
                Plot.Line(s.Means.Select(p => (Math.Min(SecondsOf(p.Time) + (2 * half), SecondsOf(To)), (double)p.Amount))),
                string.Concat(s.Highest.Select(p =>
                    $"M{Plot.X(Math.Max(SecondsOf(p.Time), Plot.From))} {Plot.Y((double)p.Amount)}H{Plot.X(Math.Min(SecondsOf(p.Time) + 60, Plot.To))}")),
                Plot.Dots(s.High.Select(p => (Math.Min(SecondsOf(p.Time) + half, SecondsOf(To)), (double)p.Highest))),
                string.Concat(s.Stalls.Select(stall =>
                    $"M{Plot.X(Math.Max(SecondsOf(stall.Since), Plot.From))} {Plot.Height - 6 - (8 * i)}H{Plot.X(SecondsOf(stall.Until ?? To))}")),
                s.Stalls.LastOrDefault(stall => stall.Until is null) is { Since: var since } && since != default ? since : null)),
        ];
    }

    public DateTimeOffset From { get; }

    public DateTimeOffset To { get; }

    public Plot Plot { get; }

    public decimal? Threshold { get; }

    /// <summary>The number of bids of a mean.</summary>
    public int RollingSize { get; }

    public IReadOnlyList<PriceLine> Lines { get; }

    public IReadOnlyList<PriceSeries> Series => _series;

    public bool IsEmpty => _series.All(s => s.Means.Count == 0);

    /// <summary>The time at a part of the width, and each item's mean then.</summary>
    public (DateTimeOffset Time, IReadOnlyList<(string Item, decimal Mean)> Means) At(double part)
    {
        var time = From + (part * (To - From));
        return (time, [.. _series.Where(s => s.Means.Any(p => p.Time <= time)).Select(s => (s.Item, s.Means.Last(p => p.Time <= time).Amount))]);
    }

    private static double SecondsOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}

/// <summary>An item's lines.</summary>
/// <param name="Item">The item.</param>
/// <param name="Color">The number of its colour.</param>
/// <param name="Means">The path of the rolling means.</param>
/// <param name="Highest">The path of the highest amount of each minute.</param>
/// <param name="High">The path of the bids above the threshold.</param>
/// <param name="Stalls">The path of the times without bids.</param>
/// <param name="StalledSince">Since when it is stalled; <see langword="null"/> if it is not.</param>
public sealed record PriceLine(string Item, int Color, string Means, string Highest, string High, string Stalls, DateTimeOffset? StalledSince);
