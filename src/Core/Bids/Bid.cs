using System.Globalization;

namespace AuctionTracker.Core.Bids;

/// <summary>One bid on one item; <see cref="BidJson"/> reads and writes it. Immutable.</summary>
/// <param name="BidderId">The bidder's id: free text, at most 256 characters on the wire.</param>
/// <param name="Amount">The price offered, in currency units; above zero on every bid that was read from the wire.</param>
/// <param name="Timestamp">When the bid was made. Converted to UTC and truncated to microseconds, the wire's precision.</param>
/// <param name="Item">The item that is bid on; its queue is <see cref="Messaging.AuctionTopology.QueueFor"/>.</param>
/// <param name="BidderName">The bidder's name. Untrusted text: it may contain any character.</param>
/// <param name="BidderEmail">The bidder's e-mail address. Untrusted text; its format is not checked.</param>
/// <param name="AuctionId">The auction it belongs to, or <see langword="null"/> if the producer sent none.</param>
public sealed record Bid(
    string BidderId,
    decimal Amount,
    DateTimeOffset Timestamp,
    string Item,
    string BidderName,
    string BidderEmail,
    string? AuctionId = null)
{
    /// <summary>When the bid was made, in UTC, in whole microseconds.</summary>
    public DateTimeOffset Timestamp { get; init; } = ToWirePrecision(Timestamp);

    /// <summary>
    /// When its auction closes, in UTC, in whole microseconds; <see langword="null"/> if the producer did not say. A bid counts for the
    /// auction if it was made strictly before.
    /// </summary>
    public DateTimeOffset? AuctionCloses
    {
        get;
        init => field = value is { } time ? ToWirePrecision(time) : null;
    }

    /// <summary>The least amount at which its auction sells, at least zero; <see langword="null"/> if the producer did not say.</summary>
    public decimal? AuctionOpening { get; init; }

    /// <summary>Formats a time as on the wire and in logs: <c>2024-06-12T03:56:06.410536+00:00</c>.</summary>
    /// <param name="time">Any time; it is converted to UTC.</param>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);

    /// <summary>The bid as the log shows it: <c>222.59 at 2024-06-12T03:56:06.410536+00:00</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount:0.00} at {Format(Timestamp)}");

    private static DateTimeOffset ToWirePrecision(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
