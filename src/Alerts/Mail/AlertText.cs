using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// The words of alerts. Those of a high bid are the contract's (seed 000); the other kinds follow them. What comes from outside is
/// escaped where it could break a line or a header.
/// </summary>
internal static class AlertText
{
    /// <summary>As in <c>High bid</c>.</summary>
    public static string Name(AlertKind kind) => kind switch
    {
        AlertKind.HighBid => "High bid",
        AlertKind.NewHigh => "New high",
        AlertKind.PriceJump => "Price jump",
        AlertKind.BidRate => "Bid rate",
        AlertKind.StalledPrice => "Stalled price",
        _ => "Dead letter",
    };

    /// <summary>As in <c>High Bid Alert: Art - $931.43</c>.</summary>
    public static string Subject(Alert alert)
    {
        var title = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Name(alert.Kind));
        return alert.Bid is { } bid ? $"{title} Alert: {Title(bid)} - ${Money(bid.Amount)}" : $"{title} Alert: more than {Whole(alert.Figure)} a minute";
    }

    /// <summary>As in <c>A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.</c></summary>
    public static string Sentence(Alert alert)
    {
        var time = Bid.Format(alert.Time);
        if (alert.Bid is not { } bid)
        {
            return $"Messages that can't be handled come faster than {Whole(alert.Figure)} a minute: someone sends garbage. " +
                $"The last one, at {time}, was from {UntrustedText.Clean(alert.Reason ?? "")}";
        }

        var (amount, item) = ($"${Money(bid.Amount)}", UntrustedText.Clean(bid.Item));
        var auction = bid.AuctionId is { } id ? $" in auction {UntrustedText.Cut(id, 60)}" : "";
        return alert.Kind switch
        {
            AlertKind.HighBid => $"A high bid of {amount} was placed on {item} at {time}.",
            AlertKind.NewHigh => $"A bid of {amount} on {item}{auction} at {time} is a new high, above ${Money(alert.Figure)}.",
            AlertKind.PriceJump =>
                $"A bid of {amount} on {item} at {time} is {Percent(bid.Amount, alert.Figure)} above ${Money(alert.Figure)}, the mean of the other bids in its window.",
            AlertKind.BidRate => $"Bids on {item} come faster than {Whole(alert.Figure)} a minute; the last one was of {amount} at {time}.",
            _ => $"The last bids on {item} differ by less than ${Money(alert.Figure)}; the latest is one of {amount} at {time}.",
        };
    }

    /// <summary>One line of many, as in <c>$931.43 on art in auction 17 at 2024-06-12T03:57:06.441262+00:00</c>.</summary>
    public static string Line(Alert alert) => alert switch
    {
        { Bid: null } => Sentence(alert),
        { Kind: AlertKind.HighBid } => Place(alert.Bid),
        _ => $"{Name(alert.Kind)}: {Place(alert.Bid)}",
    };

    public static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>An item's name, safe to show, with a capital.</summary>
    public static string Title(Bid bid)
    {
        var item = UntrustedText.Clean(bid.Item);
        return $"{char.ToUpperInvariant(item[0])}{item[1..]}";
    }

    private static string Place(Bid bid) =>
        $"${Money(bid.Amount)} on {UntrustedText.Clean(bid.Item)}{(bid.AuctionId is { } id ? $" in auction {UntrustedText.Clean(id)}" : "")} at {Bid.Format(bid.Timestamp)}";

    private static string Whole(decimal number) => number.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>As in <c>55%</c>. Amounts may be far below a cent: there the quotient may be beyond <see cref="decimal"/>, or the mean zero.</summary>
    private static string Percent(decimal amount, decimal mean) =>
        mean < 0.01m ? "far" : string.Create(CultureInfo.InvariantCulture, $"{((amount / mean) - 1) * 100:0}%");
}
