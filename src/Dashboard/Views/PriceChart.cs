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

        // A single bid that is far above the others would press their lines to the bottom. Some of the zone above the threshold is seen.
        var amounts = series.SelectMany(s => s.Means).Select(p => p.Amount).Append(1.1m * (threshold ?? 0));
        Plot = Plot.Of(SecondsOf(From), SecondsOf(To), (double)amounts.Max());
        IsCut = series.Any(s => s.Highest.Any(p => (double)p.Amount > Plot.Top));
        Threshold = threshold;
        RollingSize = live.RollingSize;
        var half = live.Timeline.Step / 2.0;
        Lines =
        [
            .. series.Select((s, i) => new PriceLine(
                s.Item,
                i,
                Plot.Line(s.Means.Take(1).Select(p => (SecondsOf(p.Time), (double)p.Amount)).Concat(s.Means.Select(p => (SecondsOf(p.Time) + (2 * half), (double)p.Amount)))),
                string.Concat(s.Highest.Select(p =>
                    $"M{Plot.X(SecondsOf(p.Time))} {Plot.Y((double)p.Amount)}H{Plot.X(SecondsOf(p.Time) + 60)}")),
                Plot.Dots(s.High.Select(p => (SecondsOf(p.Time) + half, (double)p.Highest))),
                string.Concat(s.Stalls.Select(stall =>
                    $"M{Plot.X(SecondsOf(stall.Since))} {Plot.Height - 6 - (8 * i)}H{Plot.X(SecondsOf(stall.Until ?? To))}")),
                s.Stalls.LastOrDefault(stall => stall.Until is null) is { Since: var since } && since != default ? since : null)),
        ];
    }

    public DateTimeOffset From { get; }

    public DateTimeOffset To { get; }

    public Plot Plot { get; }

    public decimal? Threshold { get; }

    /// <summary>Whether some bids are above the scale.</summary>
    public bool IsCut { get; }

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
