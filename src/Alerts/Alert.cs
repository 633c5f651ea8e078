using System.Globalization;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Alerts;

/// <summary>One alert. <see cref="MessageId"/> and <see cref="Kind"/> identify it: a redelivered bid raises the same alert again.</summary>
/// <param name="MessageId">The id of the message that raised the alert.</param>
/// <param name="Kind">The rule that raised the alert.</param>
/// <param name="Time">The time of the bid, of the last dead letter, or at which the auction closed; UTC.</param>
/// <param name="Baseline">The value that the rule compared with, in the unit that <see cref="AlertKind"/> states.</param>
public sealed record Alert(string MessageId, AlertKind Kind, DateTimeOffset Time, decimal Baseline)
{
    /// <summary>The bid that raised the alert, or the auction's highest; <see langword="null"/> for <see cref="AlertKind.DeadLetter"/>.</summary>
    public Bid? Bid { get; init; }

    /// <summary>The queue of the last dead letter and the reason for it; untrusted text. <see langword="null"/> for bids.</summary>
    public string? Reason { get; init; }

    /// <summary>The auction that closed; <see langword="null"/> for other alerts.</summary>
    public AuctionTotals? Auction { get; init; }

    /// <summary>
    /// The last bids in the item's window, at most 20, oldest first; the last one is <see cref="Bid"/>. Of an auction: the bids that raised
    /// its price, at most <see cref="PriceChart.MaxBars"/>.
    /// </summary>
    public IReadOnlyList<WindowEntry> Window { get; init; } = [];

    /// <summary>Creates an alert about a bid; its time is the bid's.</summary>
    /// <param name="messageId">The id of the bid's message.</param>
    /// <param name="kind">The rule that raised the alert.</param>
    /// <param name="bid">The bid.</param>
    /// <param name="baseline">The value that the rule compared with.</param>
    public static Alert ForBid(string messageId, AlertKind kind, Bid bid, decimal baseline) =>
        new(messageId, kind, bid.Timestamp, baseline) { Bid = bid };

    /// <summary>Creates an alert about an auction that closed; its time is that at which the auction was to close.</summary>
    /// <param name="messageId">The id of the message that announces it.</param>
    /// <param name="isSold">Whether it was sold.</param>
    /// <param name="highest">Its highest bid, with the auction's id, item, closing time and opening amount.</param>
    /// <param name="totals">Its numbers of bids and bidders.</param>
    /// <param name="prices">How its price rose.</param>
    public static Alert ForAuction(
        string messageId, bool isSold, Bid highest, AuctionTotals totals, IReadOnlyList<(DateTimeOffset Time, decimal Amount)> prices) =>
        new(
            messageId, isSold ? AlertKind.AuctionClosed : AlertKind.AuctionUnsold, highest.AuctionCloses ?? highest.Timestamp,
            highest.AuctionOpening ?? 0)
        {
            Bid = highest,
            Auction = totals,
            Window = [.. PriceChart.Thin(prices).Select(p => new WindowEntry(p.Time, p.Amount, ""))],
        };

    /// <summary>The log line, for example <c>High bid alert: 931.43 at 2024-06-12T03:56:06.410536+00:00</c>.</summary>
    public override string ToString() => this switch
    {
        { Auction: not null, Bid: { } highest } => string.Create(
            CultureInfo.InvariantCulture,
            $"{AlertText.Name(Kind)} alert: {highest.Amount:0.00} at {Core.Bids.Bid.Format(Time)}, auction {highest.AuctionId} of {highest.Item}"),
        { Bid: { } bid } => $"{AlertText.Name(Kind)} alert: {bid}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{AlertText.Name(Kind)} alert: more than {Baseline:0} a minute at {Core.Bids.Bid.Format(Time)}"),
    };
}

/// <summary>The numbers of an auction that closed.</summary>
/// <param name="Bids">The number of its bids.</param>
/// <param name="Bidders">The number of different bidders.</param>
public sealed record AuctionTotals(int Bids, int Bidders);
