using Microsoft.AspNetCore.Components;

namespace AuctionTracker.Dashboard.Components;

/// <summary>The pointer is over a chart.</summary>
public sealed class ChartPointEventArgs : EventArgs
{
    /// <summary>Where it is, as a part of the chart's width; negative when it has left.</summary>
    public double X { get; set; }
}

#pragma warning disable CA1711 // Blazor asks for this name.
/// <summary>The events of app.js that are not the browser's own.</summary>
[EventHandler("onchartpoint", typeof(ChartPointEventArgs), enableStopPropagation: true, enablePreventDefault: true)]
public static class EventHandlers;
