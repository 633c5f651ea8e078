namespace AuctionTracker.Core.Live;

/// <summary>A row of the report <c>items</c>, with the mean of the latest bids.</summary>
/// <param name="Item">The item.</param>
/// <param name="Amounts">Its amounts.</param>
/// <param name="Bidders">The number of its bidders.</param>
/// <param name="Auctions">The number of its auctions.</param>
/// <param name="Mean">The mean of its latest bids.</param>
/// <param name="LastArrival">When its latest bid arrived.</param>
/// <param name="IsExact">Whether bidders and auctions are exact numbers; otherwise their standard error is 0.81 %.</param>
public sealed record ItemRow(string Item, AmountFigures Amounts, long Bidders, long Auctions, decimal Mean, DateTimeOffset LastArrival, bool IsExact);

/// <summary>A row of the report <c>bidders</c>.</summary>
/// <param name="BidderId">The bidder.</param>
/// <param name="Amounts">The bidder's amounts.</param>
/// <param name="Auctions">The number of auctions with a bid of the bidder.</param>
/// <param name="Won">The number of auctions whose highest bid is the bidder's.</param>
public sealed record BidderRow(string BidderId, AmountFigures Amounts, int Auctions, int Won);

/// <summary>A row of the report <c>auctions</c>.</summary>
/// <param name="AuctionId">The auction.</param>
/// <param name="Item">The item of the highest bid.</param>
/// <param name="Bids">The number of bids.</param>
/// <param name="Bidders">The number of bidders.</param>
/// <param name="FirstBid">The time of the earliest bid.</param>
/// <param name="LastBid">The time of the latest bid.</param>
/// <param name="Opening">The amount of the earliest bid.</param>
/// <param name="Winning">The highest amount.</param>
/// <param name="Winner">Its bidder; of equal amounts that of the earlier bid.</param>
/// <param name="LastArrival">When the latest bid arrived.</param>
/// <param name="Closes">When it closes, as the first bid to arrive that tells it says; <see langword="null"/> if none does.</param>
public sealed record AuctionRow(
    string AuctionId, string Item, long Bids, int Bidders, DateTimeOffset FirstBid, DateTimeOffset LastBid, decimal Opening, decimal Winning,
    string Winner, DateTimeOffset LastArrival, DateTimeOffset? Closes)
{
    /// <summary>The time until the auction closes; zero or less if it is over, <see langword="null"/> if its closing time is not known. In a replay it goes by the bids' own time.</summary>
    /// <param name="live">The figures of the moment.</param>
    public TimeSpan? TimeLeft(LiveSnapshot live) => Closes - AuctionFigures.ClockOf(LastArrival, LastBid, live.Time, live.LastMade);
}

/// <summary>A row of the report <c>winning</c>: the winning amounts of an item's auctions.</summary>
/// <param name="Item">The item.</param>
/// <param name="Auctions">The number of auctions.</param>
/// <param name="Average">Their mean.</param>
/// <param name="Median">The one in the middle, or the mean of the two.</param>
/// <param name="Lowest">The lowest.</param>
/// <param name="Highest">The highest.</param>
public sealed record WinningRow(string Item, int Auctions, decimal Average, decimal Median, decimal Lowest, decimal Highest)
{
    internal static WinningRow Of(string item, IReadOnlyList<decimal> sorted)
    {
        var middle = sorted.Skip((sorted.Count - 1) / 2).Take(sorted.Count % 2 == 0 ? 2 : 1).ToList();
        return new WinningRow(
            item, sorted.Count, AmountFigures.Mean(sorted.Sum(), sorted.Count), AmountFigures.Mean(middle.Sum(), middle.Count), Cents(sorted[0]), Cents(sorted[^1]));

        static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
    }
}

/// <summary>An auction that is busy.</summary>
/// <param name="Auction">The auction.</param>
/// <param name="RecentBids">Its bids in the window.</param>
public sealed record HotAuction(AuctionRow Auction, int RecentBids);

/// <summary>A key and how often it came.</summary>
/// <param name="Key">The key.</param>
/// <param name="Bids">The number of bids.</param>
public readonly record struct BusyKey(string Key, long Bids);
