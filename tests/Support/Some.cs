using AuctionTracker.Core.Bids;

namespace AuctionTracker.Support;

/// <summary>Things tests need some of; a test says only what matters to it.</summary>
public static class Some
{
    /// <summary>A moment: the one of the bid in seed 000.</summary>
    public static readonly DateTimeOffset Time = new DateTimeOffset(2024, 6, 12, 3, 56, 6, TimeSpan.Zero).AddMicroseconds(410_536);

    /// <summary>A bid like the ones in seed 000.</summary>
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
