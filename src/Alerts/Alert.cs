using System.Globalization;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Alerts;

/// <summary>Something a person shall learn of, once. Immutable.</summary>
/// <param name="MessageId">What identifies the message that caused it. With <paramref name="Kind"/> it identifies the alert: a bid
/// that is delivered twice is one alert of each kind.</param>
/// <param name="Kind">Which rule called for it.</param>
/// <param name="Time">When the bid was made; of dead letters, when the last of them failed. UTC.</param>
/// <param name="Figure">What the rule measured against, in its unit: see <see cref="AlertKind"/>.</param>
public sealed record Alert(string MessageId, AlertKind Kind, DateTimeOffset Time, decimal Figure)
{
    /// <summary>The bid that caused it; <see langword="null"/> for dead letters only.</summary>
    public Bid? Bid { get; init; }

    /// <summary>Of dead letters: where the last one came from, and why it can't be handled. Outside text.</summary>
    public string? Reason { get; init; }

    /// <summary>The end of the item's window, oldest first, with the bid as its last entry; 20 at the most.</summary>
    public IReadOnlyList<WindowEntry> Window { get; init; } = [];

    /// <summary>An alert about a bid.</summary>
    /// <param name="messageId">What identifies the bid's message.</param>
    /// <param name="kind">Which rule called for it.</param>
    /// <param name="bid">The bid.</param>
    /// <param name="figure">What the rule measured against.</param>
    public static Alert Of(string messageId, AlertKind kind, Bid bid, decimal figure) =>
        new(messageId, kind, bid.Timestamp, figure) { Bid = bid };

    /// <summary>As in <c>High bid alert: 931.43 at 2024-06-12T03:56:06.410536+00:00</c>.</summary>
    public override string ToString() => Bid is { } bid
        ? $"{AlertText.Name(Kind)} alert: {bid}"
        : string.Create(CultureInfo.InvariantCulture, $"{AlertText.Name(Kind)} alert: more than {Figure:0} a minute at {Core.Bids.Bid.Format(Time)}");
}
