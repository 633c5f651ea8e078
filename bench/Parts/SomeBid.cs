using AuctionTracker.Core.Bids;

namespace AuctionTracker.Bench.Parts;

/// <summary>The bid of these benchmarks: the first that seed 1 makes.</summary>
internal static class SomeBid
{
    public static Bid Value { get; } = new BidGenerator(["electronics"], seed: 1, badRate: 0, TimeProvider.System).Next().Bid!;

    public static PlainBid Plain { get; } =
        new(Value.BidderId, Value.Amount, Value.Timestamp, Value.Item, Value.BidderName, Value.BidderEmail);

    public static byte[] Body { get; } = BidJson.Write(Value);
}
