using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// The plain texts of alerts. Seed 000 prescribes those of a high bid. Untrusted text is escaped, so that it can't break a line or a
/// header.
/// </summary>
internal static class AlertText
{
    /// <summary>For example <c>High bid</c>.</summary>
    public static string Name(AlertKind kind) => kind switch
    {
        AlertKind.HighBid => "High bid",
        AlertKind.NewHigh => "New high",
        AlertKind.PriceJump => "Price jump",
        AlertKind.BidRate => "Bid rate",
        AlertKind.StalledPrice => "Stalled price",
        AlertKind.AuctionClosed => "Auction closed",
        AlertKind.AuctionUnsold => "Auction unsold",
        _ => "Dead letter",
    };

    /// <summary>The subject of a mail, for example <c>High Bid Alert: Art - $931.43</c>.</summary>
    /// <param name="alerts">The alerts that the mail lists, at least one.</param>
    /// <param name="unlisted">The number of further alerts that the mail counts but does not list.</param>
    public static string Subject(IReadOnlyList<Alert> alerts, int unlisted)
    {
        if (IsAboutOneMessage(alerts, unlisted))
        {
            return alerts[0].Bid is { } one
                ? $"{TitleOf(alerts[0])} Alert: {Title(one)} - ${Money(one.Amount)}"
                : $"{TitleOf(alerts[0])} Alert: more than {Whole(alerts[0].Baseline)} a minute";
        }

        var count = alerts.Count + unlisted;
        var bids = alerts.Select(a => a.Bid).OfType<Bid>().ToList();
        var highest = bids.Count > 0 ? $" up to ${Money(bids.Max(b => b.Amount))}" : "";
        var item = bids.Count == alerts.Count && bids.TrueForAll(b => b.Item == bids[0].Item) ? $"{Title(bids[0])} - " : "";
        return CommonKind(alerts) switch
        {
            AlertKind.HighBid => $"{TitleOf(alerts[0])} Alerts: {item}{count} bids{highest}",
            AlertKind.AuctionClosed or AlertKind.AuctionUnsold => $"{TitleOf(alerts[0])} Alerts: {item}{count} auctions{highest}",
            _ => $"Auction Alerts: {item}{count} alerts{(highest.Length > 0 ? $", bids{highest}" : "")}",
        };
    }

    /// <summary>The plain-text body of a mail; lines end with a line feed.</summary>
    /// <inheritdoc cref="Subject"/>
    public static string Body(IReadOnlyList<Alert> alerts, int unlisted)
    {
        if (IsAboutOneMessage(alerts, unlisted))
        {
            return string.Join('\n', alerts.Select(Sentence));
        }

        var count = alerts.Count + unlisted;
        return string.Join('\n', [
            CommonKind(alerts) switch
            {
                AlertKind.HighBid => $"{count} high bids were placed:",
                AlertKind.AuctionClosed => $"{count} auctions closed with a sale:",
                AlertKind.AuctionUnsold => $"{count} auctions closed unsold:",
                _ => $"{count} alerts:",
            },
            .. alerts.Select(Line),
            .. unlisted > 0 ? [$"... and {unlisted} more."] : Array.Empty<string>(),
        ]);
    }

    /// <summary>For example <c>A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.</c></summary>
    public static string Sentence(Alert alert)
    {
        var time = Bid.Format(alert.Time);
        if (alert.Bid is not { } bid)
        {
            return $"More than {Whole(alert.Baseline)} messages a minute cannot be processed. " +
                $"The last one, at {time}, was from {UntrustedText.Clean(alert.Reason ?? "")}";
        }

        if (alert.Auction is { } totals)
        {
            return $"{AuctionOf(bid)} closed " + (alert.Kind == AlertKind.AuctionClosed
                ? $"at {time}: sold to {Winner(bid)} for ${Money(bid.Amount)}, after {BidsOf(totals)}."
                : $"unsold at {time}: its highest bid, ${Money(bid.Amount)}, is below the opening amount of ${Money(alert.Baseline)}.");
        }

        var (amount, item) = ($"${Money(bid.Amount)}", UntrustedText.Clean(bid.Item));
        var auction = bid.AuctionId is null ? "" : $" in auction {AuctionId(bid)}";
        return alert.Kind switch
        {
            AlertKind.HighBid => $"A high bid of {amount} was placed on {item} at {time}.",
            AlertKind.NewHigh => $"A bid of {amount} on {item}{auction} at {time} is a new high, above ${Money(alert.Baseline)}.",
            AlertKind.PriceJump =>
                $"A bid of {amount} on {item} at {time} is {Percent(bid.Amount, alert.Baseline)} above ${Money(alert.Baseline)}, the mean of the other bids in its window.",
            AlertKind.BidRate => $"There are more than {Whole(alert.Baseline)} bids a minute on {item}; the last one was of {amount} at {time}.",
            _ => $"The last bids on {item} differ by less than ${Money(alert.Baseline)}; the latest is one of {amount} at {time}.",
        };
    }

    /// <summary>An item's name, safe to show, with a capital first letter.</summary>
    public static string Title(Bid bid)
    {
        var item = UntrustedText.Clean(bid.Item);
        return $"{char.ToUpperInvariant(item[0])}{item[1..]}";
    }

    /// <summary>The id of the auction of a bid, safe to show, at most 60 characters.</summary>
    public static string AuctionId(Bid bid) => UntrustedText.Cut(bid.AuctionId ?? "", 60);

    /// <summary>For example <c>Auction 17 of art</c>.</summary>
    public static string AuctionOf(Bid bid) => $"Auction {AuctionId(bid)} of {UntrustedText.Clean(bid.Item)}";

    /// <summary>For example <c>Sold to Ada Byron for $931.43.</c></summary>
    public static string ResultOf(Alert auction) => auction.Kind == AlertKind.AuctionClosed
        ? $"Sold to {Winner(auction.Bid!)} for ${Money(auction.Bid!.Amount)}."
        : $"Not sold: no bid reached the opening amount of ${Money(auction.Baseline)}.";

    /// <summary>The name of the bidder, safe to show, at most 60 characters.</summary>
    public static string Winner(Bid bid) => UntrustedText.Cut(bid.BidderName, 60);

    /// <summary>For example <c>12 bids of 5 bidders</c>.</summary>
    public static string BidsOf(AuctionTotals totals) => $"{Caption.Count(totals.Bids, "bid")} of {Caption.Count(totals.Bidders, "bidder")}";

    public static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Whether a mail's alerts were all raised by the same message.</summary>
    public static bool IsAboutOneMessage(IReadOnlyList<Alert> alerts, int unlisted) =>
        unlisted == 0 && alerts.All(a => a.MessageId == alerts[0].MessageId);

    /// <summary>The kind of all alerts, or <see langword="null"/> if they differ.</summary>
    private static AlertKind? CommonKind(IReadOnlyList<Alert> alerts) => alerts.All(a => a.Kind == alerts[0].Kind) ? alerts[0].Kind : null;

    /// <summary>For example <c>High Bid</c>.</summary>
    private static string TitleOf(Alert alert) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Name(alert.Kind));

    /// <summary>For example <c>$931.43 on art in auction 17 at 2024-06-12T03:57:06.441262+00:00</c>.</summary>
    private static string Line(Alert alert) => alert switch
    {
        { Bid: null } or { Auction: not null } => Sentence(alert),
        { Kind: AlertKind.HighBid } => Describe(alert.Bid),
        _ => $"{Name(alert.Kind)}: {Describe(alert.Bid)}",
    };

    private static string Describe(Bid bid) =>
        $"${Money(bid.Amount)} on {UntrustedText.Clean(bid.Item)}{(bid.AuctionId is { } id ? $" in auction {UntrustedText.Clean(id)}" : "")} at {Bid.Format(bid.Timestamp)}";

    private static string Whole(decimal number) => number.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>For example <c>55%</c>. With a mean below a cent, which may be zero, the quotient may overflow <see cref="decimal"/>.</summary>
    private static string Percent(decimal amount, decimal mean) =>
        mean < 0.01m ? "far" : string.Create(CultureInfo.InvariantCulture, $"{((amount / mean) - 1) * 100:0}%");
}
