using System.Globalization;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Alerts;

/// <summary>One alert. <see cref="MessageId"/> and <see cref="Kind"/> identify it: a redelivered bid raises the same alert again.</summary>
/// <param name="MessageId">The id of the message that raised the alert.</param>
/// <param name="Kind">The rule that raised the alert.</param>
/// <param name="Time">The time of the bid, or of the last dead letter; UTC.</param>
/// <param name="Baseline">The value that the rule compared with, in the unit that <see cref="AlertKind"/> states.</param>
public sealed record Alert(string MessageId, AlertKind Kind, DateTimeOffset Time, decimal Baseline)
{
    /// <summary>The bid that raised the alert; <see langword="null"/> for <see cref="AlertKind.DeadLetter"/>.</summary>
    public Bid? Bid { get; init; }

    /// <summary>The queue of the last dead letter and the reason for it; untrusted text. <see langword="null"/> for bids.</summary>
    public string? Reason { get; init; }

    /// <summary>The last bids in the item's window, at most 20, oldest first; the last one is <see cref="Bid"/>.</summary>
    public IReadOnlyList<WindowEntry> Window { get; init; } = [];

    /// <summary>Creates an alert about a bid; its time is the bid's.</summary>
    /// <param name="messageId">The id of the bid's message.</param>
    /// <param name="kind">The rule that raised the alert.</param>
    /// <param name="bid">The bid.</param>
    /// <param name="baseline">The value that the rule compared with.</param>
    public static Alert ForBid(string messageId, AlertKind kind, Bid bid, decimal baseline) =>
        new(messageId, kind, bid.Timestamp, baseline) { Bid = bid };

    /// <summary>The log line, for example <c>High bid alert: 931.43 at 2024-06-12T03:56:06.410536+00:00</c>.</summary>
    public override string ToString() => Bid is { } bid
        ? $"{AlertText.Name(Kind)} alert: {bid}"
        : string.Create(CultureInfo.InvariantCulture, $"{AlertText.Name(Kind)} alert: more than {Baseline:0} a minute at {Core.Bids.Bid.Format(Time)}");
}
