using AuctionTracker.Core.Live;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Dashboard.Feeds;

namespace AuctionTracker.Dashboard.Views;

/// <summary>All that a page shows, made once for all pages. Immutable.</summary>
/// <param name="Live">The figures.</param>
/// <param name="Status">How far they can be trusted.</param>
/// <param name="Before">The figures of a minute before, or of the start.</param>
/// <param name="Queues">The queues; <see langword="null"/> while no management API answers.</param>
/// <param name="Alerts">The last alerts; <see langword="null"/> if there is no database of alerts.</param>
/// <param name="Threshold">A bid strictly above it is high.</param>
/// <param name="Sales">The sales; <see langword="null"/> if a file is followed, which has none.</param>
public sealed record DashboardView(
    LiveSnapshot Live, FeedStatus Status, KeyFigures Before, IReadOnlyList<QueueState>? Queues, IReadOnlyList<AlertRow>? Alerts, decimal? Threshold,
    SalesView? Sales)
{
    /// <summary>The number of items that charts show; there are as many colours.</summary>
    public const int ChartItems = 6;

    /// <summary>The number of rows of the lists that machines read.</summary>
    public const int ListRows = 100;

    /// <summary>From when on the figures hold: the arrival of the first bid, or the start.</summary>
    public DateTimeOffset Since => Live.FirstArrival ?? Status.Started;

    public FlowChart Flow { get; } = new(Live, Status);

    public PriceChart Prices { get; } = new(Live, Live.Prices, Threshold);

    public KeyFigures Now { get; } = KeyFigures.Of(Live, Status);
}

/// <summary>The figures whose change is shown.</summary>
public sealed record KeyFigures(DateTimeOffset Time, long Bids, decimal Total, long High, int OpenAuctions, long Unreadable)
{
    public static KeyFigures Of(LiveSnapshot live, FeedStatus status) =>
        new(live.Time, live.Amounts.Bids, live.Amounts.Total, live.Amounts.High, live.Rankings.OpenAuctions, status.Unreadable);
}

/// <summary>An alert that was sent, waits, or was refused.</summary>
/// <param name="Subject">The subject of its mail.</param>
/// <param name="Time">When its bid was made.</param>
/// <param name="State">Sent, waits or refused.</param>
/// <param name="Detail">Why it was refused, or the error of the last attempt; "" for neither.</param>
public sealed record AlertRow(string Subject, DateTimeOffset Time, AlertState State, string Detail);

/// <summary>The state of an alert.</summary>
public enum AlertState
{
    /// <summary>Its mail was sent.</summary>
    Sent,

    /// <summary>Its mail waits.</summary>
    Waits,

    /// <summary>Its mail was refused.</summary>
    Refused,
}
