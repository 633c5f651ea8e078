using AuctionTracker.Core.Bids;
using AuctionTracker.Support;

namespace AuctionTracker.Sales.Tests;

/// <summary>Bids of auctions.</summary>
internal static class SomeAuctions
{
    /// <summary>When the auctions of the tests close.</summary>
    public static readonly DateTimeOffset End = Some.Time.AddMinutes(10);

    /// <summary>A bid, so many seconds before the end.</summary>
    public static Bid Bid(string auction, decimal amount, double before = 60, string bidder = "ada", DateTimeOffset? closes = null, decimal? opening = null, bool saysEnd = true) =>
        new(bidder, amount, (closes ?? End).AddSeconds(-before), "art", $"name of {bidder}", $"{bidder}@example.com", auction)
        {
            AuctionCloses = saysEnd ? closes ?? End : null,
            AuctionOpening = opening,
        };
}
