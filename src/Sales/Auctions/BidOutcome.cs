namespace AuctionTracker.Sales.Auctions;

/// <summary>What a bid means for its auction.</summary>
public enum BidOutcome
{
    /// <summary>It counts.</summary>
    Counted,

    /// <summary>It counts, and says another closing time than the auction's first bid, whose time holds.</summary>
    CountedWithOtherEnd,

    /// <summary>It was seen before.</summary>
    Repeated,

    /// <summary>It was made at the closing time or later, or came when the auction was closed.</summary>
    AfterClosing,

    /// <summary>It belongs to no auction, or to one of which no bid said when it closes.</summary>
    WithoutEnd,
}
