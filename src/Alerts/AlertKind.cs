namespace AuctionTracker.Alerts;

/// <summary>The rule that raised an alert. The names are stored in the outbox.</summary>
public enum AlertKind
{
    /// <summary>A bid strictly above a threshold. Baseline: the threshold.</summary>
    HighBid,

    /// <summary>A bid above all earlier bids in its auction or on its item. Baseline: the highest of those.</summary>
    NewHigh,

    /// <summary>A bid far above the other bids in its window. Baseline: their mean.</summary>
    PriceJump,

    /// <summary>Too many bids on an item. Baseline: the allowed number a minute.</summary>
    BidRate,

    /// <summary>A window whose prices hardly differ. Baseline: the difference below which a price counts as stalled.</summary>
    StalledPrice,

    /// <summary>Too many dead letters. Baseline: the allowed number a minute.</summary>
    DeadLetter,

    /// <summary>An auction that closed with a sale. Baseline: the opening amount, or 0 for none.</summary>
    AuctionClosed,

    /// <summary>An auction that closed without a sale. Baseline: the opening amount, which its highest bid does not reach.</summary>
    AuctionUnsold,
}
