using System.Text.Json.Serialization;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Bench.Parts;

/// <summary>The bid of all benchmarks: the first bid of seed 1.</summary>
internal static class SampleBid
{
    public static Bid Value { get; } = new BidGenerator(["electronics"], seed: 1, badRate: 0, TimeProvider.System).Next().Bid!;

    public static BidDto Dto { get; } =
        new(Value.BidderId, Value.Amount, Value.Timestamp, Value.Item, Value.BidderName, Value.BidderEmail);

    public static byte[] Body { get; } = BidJson.Write(Value);
}

/// <summary>A bid for <see cref="System.Text.Json.JsonSerializer"/>, the baseline: nothing is validated.</summary>
public sealed record BidDto(
    [property: JsonPropertyName("bidder_id")] string BidderId,
    [property: JsonPropertyName("bid_amount")] decimal Amount,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp,
    [property: JsonPropertyName("item")] string Item,
    [property: JsonPropertyName("bidder_name")] string BidderName,
    [property: JsonPropertyName("bidder_email")] string BidderEmail);
