using AuctionTracker.Core.Bids;

namespace AuctionTracker.Support;

/// <summary>Default values for tests. A test names only the values it depends on.</summary>
public static class Some
{
    /// <summary>The timestamp of the bid in seed file 000.</summary>
    public static readonly DateTimeOffset Time = new DateTimeOffset(2024, 6, 12, 3, 56, 6, TimeSpan.Zero).AddMicroseconds(410_536);

    /// <summary>A bid like the one in seed file 000.</summary>
    public static Bid Bid(
        decimal amount = 222.59m,
        string item = "electronics",
        DateTimeOffset? timestamp = null,
        string bidderId = "b-1",
        string bidderName = "Ada Byron",
        string bidderEmail = "ada@example.com",
        string? auctionId = null) =>
        new(bidderId, amount, timestamp ?? Time, item, bidderName, bidderEmail, auctionId);
}
