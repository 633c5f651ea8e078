using AuctionTracker.Dashboard.Views;
using Microsoft.AspNetCore.Components;

namespace AuctionTracker.Dashboard.Components;

/// <summary>A panel with a chart over time, which stands still under a pointer that reads a value.</summary>
/// <typeparam name="TChart">The type of the chart.</typeparam>
public abstract class ChartPanel<TChart> : ComponentBase
    where TChart : class
{
    /// <summary>The latest chart.</summary>
    [Parameter, EditorRequired]
    public TChart Chart { get; set; } = null!;

    /// <summary>The time zone of the person who looks.</summary>
    [Parameter, EditorRequired]
    public ViewerClock Clock { get; set; } = null!;

    /// <summary>The chart that is drawn.</summary>
    protected TChart Shown { get; private set; } = null!;

    /// <summary>Where the pointer is, as a part of the chart's width; <see langword="null"/> if it is elsewhere.</summary>
    protected double? PointedAt { get; private set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Shown = PointedAt is null ? Chart : Shown;

    /// <summary>The pointer moved over the chart, or left it (negative).</summary>
    protected void Point(double x)
    {
        PointedAt = x < 0 ? null : x;
        Shown = PointedAt is null ? Chart : Shown;
    }
}
