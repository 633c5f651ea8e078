namespace AuctionTracker.Alerts;

/// <summary>Which rule called for an alert, and what its figure is. The names are kept in files.</summary>
public enum AlertKind
{
    /// <summary>A bid strictly above a threshold, which is the figure.</summary>
    HighBid,

    /// <summary>A bid above all before it in its auction, or on its item; the figure is the highest of those.</summary>
    NewHigh,

    /// <summary>A bid far above the others in its window; the figure is their mean.</summary>
    PriceJump,

    /// <summary>More bids a minute on an item than the figure.</summary>
    BidRate,

    /// <summary>A window whose prices differ by less than the figure.</summary>
    StalledPrice,

    /// <summary>More dead letters a minute than the figure.</summary>
    DeadLetter,
}
