using AuctionTracker.Core.Bids;
using AuctionTracker.Storage;

namespace AuctionTracker.Records;

/// <summary>
/// A bid as every sink keeps it. What one of the sinks could not hold is changed here, once, so that all hold the same: U+0000 becomes
/// U+FFFD, the amount is rounded to four decimals (half to even, and at least 0.0001), and what the bid says of its auction's end is left
/// out. Immutable.
/// </summary>
public sealed record RecordedBid
{
    private const int Decimals = 4;
    private const decimal LeastAmount = 0.0001m;

    /// <summary>Creates a bid of the record.</summary>
    /// <param name="messageId">Identifies the bid: its <c>message_id</c>, or the SHA-256 of its body. Untrusted text.</param>
    /// <param name="bid">The bid.</param>
    /// <param name="receivedAt">When it was received; converted to UTC and truncated to microseconds.</param>
    public RecordedBid(string messageId, Bid bid, DateTimeOffset receivedAt)
    {
        MessageId = StorableText.Of(messageId);
        Bid = IsStorable(bid) ? bid : bid with
        {
            Amount = Math.Max(decimal.Round(bid.Amount, Decimals), LeastAmount),
            BidderId = StorableText.Of(bid.BidderId),
            Item = StorableText.Of(bid.Item),
            BidderName = StorableText.Of(bid.BidderName),
            BidderEmail = StorableText.Of(bid.BidderEmail),
            AuctionId = bid.AuctionId is { } auction ? StorableText.Of(auction) : null,
            AuctionCloses = null,
            AuctionOpening = null,
        };
        ReceivedAt = new(receivedAt.UtcTicks - (receivedAt.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>The key of the record.</summary>
    public string MessageId { get; }

    /// <summary>The bid.</summary>
    public Bid Bid { get; }

    /// <summary>When it was received, in UTC, in whole microseconds.</summary>
    public DateTimeOffset ReceivedAt { get; }

    private static bool IsStorable(Bid bid) =>
        decimal.Round(bid.Amount, Decimals) == bid.Amount && bid.Amount >= LeastAmount && bid.AuctionCloses is null && bid.AuctionOpening is null &&
        !(HasNull(bid.BidderId) || HasNull(bid.Item) || HasNull(bid.BidderName) || HasNull(bid.BidderEmail) || HasNull(bid.AuctionId));

    private static bool HasNull(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;
}
