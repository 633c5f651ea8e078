using System.Globalization;
using System.Net;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// The HTML part of a mail: what happened, a chart of the prices, and the same prices as a table. Untrusted text is HTML-encoded.
/// The content stays readable in a mail program that ignores styles or blocks pictures.
/// </summary>
/// <param name="alerts">The alerts that the mail lists, at least one.</param>
/// <param name="unlisted">The number of further alerts that the mail counts but does not list.</param>
internal sealed class AlertHtml(IReadOnlyList<Alert> alerts, int unlisted)
{
    /// <summary>The HTML document; it shows the chart as <c>cid:</c> <see cref="MailParts.ChartId"/>.</summary>
    public string Body => MailParts.Page(
        Encode(AlertText.Subject(alerts, unlisted)),
        $"""
        {Summary()}
        {ChartElement()}
        {Table()}
        """,
        "Sent by Auction Tracker. [alerts] in .env.toml sets the rules, and how many alerts share a mail.");

    /// <summary>The chart as a PNG file; <see langword="null"/> if there is no price to show.</summary>
    public byte[]? Chart => Prices.Count == 0 ? null : PriceChart.Draw([.. Prices.Select(p => p.Amount)], Limit);

    private bool IsAboutOneMessage { get; } = AlertText.IsAboutOneMessage(alerts, unlisted);

    /// <summary>The auction that the mail is about; <see langword="null"/> for other mails.</summary>
    private Alert? Auction => IsAboutOneMessage && alerts[0].Auction is not null ? alerts[0] : null;

    /// <summary>The window of one bid, the prices of one auction, or the bids of several alerts; oldest first.</summary>
    private IReadOnlyList<WindowEntry> Prices { get; } = AlertText.IsAboutOneMessage(alerts, unlisted) && alerts[0].Window.Count > 0
        ? alerts[0].Window
        : [.. alerts.DistinctBy(a => a.MessageId).Select(a => a.Bid).OfType<Bid>().Select(WindowEntry.From).TakeLast(PriceChart.MaxBars)];

    /// <summary>The price that the bids crossed; <see langword="null"/> if there is none, or if it differs between alerts.</summary>
    private decimal? Limit =>
        alerts[0] is { Kind: not (AlertKind.BidRate or AlertKind.StalledPrice or AlertKind.DeadLetter), Baseline: > 0 } first &&
        (IsAboutOneMessage || alerts.All(a => (a.Kind, a.Baseline) == (first.Kind, first.Baseline))) ? first.Baseline : null;

    private string Summary() => Auction is { } auction ? $"<p>{Encode(AlertText.ResultOf(auction))}</p>"
        : IsAboutOneMessage ? string.Concat(alerts.Select(a => $"<p>{Encode(AlertText.Sentence(a))}</p>"))
        : $"<p>{alerts.Count + unlisted} alerts in this mail, from {Format(alerts.Min(a => a.Time))} to {Format(alerts.Max(a => a.Time))} UTC.</p>";

    private string ChartElement()
    {
        if (Prices.Count == 0)
        {
            return "";
        }

        var (low, high) = (Prices.Min(p => p.Amount), Prices.Max(p => p.Amount));
        var text = Auction is not null
            ? MailParts.PriceCaption(low, high, Limit)
            : $"Prices from {Format(low)} to {Format(high)}{(Limit is { } limit ? $"; the dashed line is {Format(limit)}" : "")}";
        return $"""
            <img src="cid:{MailParts.ChartId}" width="{PriceChart.Width / 2}" height="{PriceChart.Height / 2}" alt="{text}">
            <p class="s">{text}. Oldest on the left.</p>
            """;
    }

    private string Table() => Auction is { } auction ? Facts(auction) : (IsAboutOneMessage, Prices.Count) switch
    {
        (true, 0) => "",
        (true, _) => Table("Bidder", Prices.Select((p, i) => Row(p.Time, p.Amount, p.Bidder, isLatest: i == Prices.Count - 1))),
        _ => Table("Alert", alerts.Select(a => Row(a.Time, a.Bid?.Amount, Describe(a), isLatest: false))) +
            (unlisted > 0 ? $"<p>... and {unlisted} more.</p>" : ""),
    };

    private static string Facts(Alert alert) => MailParts.Facts([
        ("Auction", AlertText.AuctionId(alert.Bid!)),
        ("Item", alert.Bid!.Item),
        .. alert.Baseline > 0 ? [("Opening amount", Format(alert.Baseline))] : Array.Empty<(string, string)>(),
        ("Highest bid", Format(alert.Bid.Amount)),
        ("Bids", AlertText.BidsOf(alert.Auction!)),
        ("Closed", $"{Format(alert.Time)} UTC"),
    ]);

    private static string Table(string lastHeading, IEnumerable<string> rows) => $"""
        <table>
        <tr class="s"><th>Time (UTC)</th><th class="n">Bid</th><th>{lastHeading}</th></tr>
        {string.Join('\n', rows)}
        </table>
        """;

    private static string Row(DateTimeOffset time, decimal? amount, string text, bool isLatest) =>
        $"<tr{(isLatest ? " class=\"l\"" : "")}><td class=\"t\">{Format(time)}</td><td class=\"n\">{Format(amount)}</td><td><bdi>{Encode(text)}</bdi></td></tr>";

    private static string Describe(Alert alert) => alert switch
    {
        { Bid: null } => AlertText.Sentence(alert),
        { Kind: AlertKind.AuctionClosed, Bid: var bid } => $"{AlertText.AuctionOf(bid)}: sold to {AlertText.Winner(bid)}",
        { Kind: AlertKind.AuctionUnsold, Bid: var bid } => $"{AlertText.AuctionOf(bid)}: unsold, below {Format(alert.Baseline)}",
        { Bid: var bid } => $"{(alert.Kind == AlertKind.HighBid ? "" : $"{AlertText.Name(alert.Kind)}: ")}{UntrustedText.Clean(bid.Item)}" +
            (bid.AuctionId is null ? "" : $", auction {AlertText.AuctionId(bid)}"),
    };

    private static string Format(decimal? amount) => amount is { } money ? $"${AlertText.Money(money)}" : "";

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
