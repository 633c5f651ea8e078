using System.Text.Json.Serialization;

namespace AuctionTracker.Bench.Parts;

/// <summary>A bid as <see cref="System.Text.Json.JsonSerializer"/> maps it by itself: the baseline. It checks nothing.</summary>
public sealed record PlainBid(
    [property: JsonPropertyName("bidder_id")] string BidderId,
    [property: JsonPropertyName("bid_amount")] decimal Amount,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp,
    [property: JsonPropertyName("item")] string Item,
    [property: JsonPropertyName("bidder_name")] string BidderName,
    [property: JsonPropertyName("bidder_email")] string BidderEmail);
