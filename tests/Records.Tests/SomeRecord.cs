using AuctionTracker.Support;

namespace AuctionTracker.Records.Tests;

/// <summary>Bids of the record for tests.</summary>
internal static class SomeRecord
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static RecordedBid Bid(string id, decimal amount = 222.59m, DateTimeOffset? receivedAt = null) =>
        new(id, Some.Bid(amount), receivedAt ?? Noon);

    public static IReadOnlyList<RecordedBid> Bids(int count, string prefix = "m") =>
        [.. Enumerable.Range(1, count).Select(number => Bid($"{prefix}-{number}", number))];
}
