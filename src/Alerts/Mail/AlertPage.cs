using System.Globalization;
using System.Net;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// A mail's page: what happened in a sentence, a picture of the prices, and the same prices as a table. Outside text is encoded, so
/// that it is text and never markup. A mail program that drops the style still shows everything. Immutable.
/// </summary>
/// <param name="title">The mail's subject.</param>
/// <param name="alerts">What it is about; at least one.</param>
/// <param name="more">How many alerts it is about beyond these.</param>
public sealed class AlertPage(string title, IReadOnlyList<Alert> alerts, int more)
{
    internal const string PictureId = "prices@auction-tracker";

    private const string Style = """
        body{margin:0;padding:24px;font:15px/1.5 Helvetica,Arial,sans-serif;color:#111827;background:#fff}
        h1{font-size:20px;margin:0 0 12px}
        p{margin:0 0 16px}
        img{display:block;border:0}
        table{border-collapse:collapse;font-size:14px}
        td,th{padding:4px 16px 4px 0;border-bottom:1px solid #e5e7eb;text-align:left;vertical-align:top}
        .n{text-align:right}
        .s{font-size:12px;color:#6b7280;margin:8px 0 16px}
        .l{font-weight:bold}
        """;

    /// <summary>The page; it shows the picture by its content id.</summary>
    public string Html => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{Encode(title)}</title><style>
        {Style}
        </style></head>
        <body>
        <h1>{Encode(title)}</h1>
        {(IsOneBid ? Sentences() : $"<p>{alerts.Count + more} alerts in this mail, from {Moment(alerts.Min(a => a.Time))} to {Moment(alerts.Max(a => a.Time))} UTC.</p>")}
        {(Prices.Count > 0 ? PictureElement() : "")}
        {Table()}
        <p class="s">Sent by Auction Tracker, consumer v4. What calls for an alert, and how many share a mail, is set under [alerts] in .env.toml.</p>
        </body>
        </html>
        """;

    /// <summary>The picture, a PNG file; <see langword="null"/> where there is no price to show.</summary>
    public byte[]? Picture => Prices.Count == 0 ? null : PriceChart.Draw([.. Prices.Select(p => p.Amount)], Limit);

    private bool IsOneBid => more == 0 && alerts.All(a => a.MessageId == alerts[0].MessageId);

    /// <summary>The window of the one bid, or the bids of many alerts; the last is the news.</summary>
    private IReadOnlyList<WindowEntry> Prices { get; } = more == 0 && alerts.All(a => a.MessageId == alerts[0].MessageId) && alerts[0].Window.Count > 0
        ? alerts[0].Window
        : [.. alerts.DistinctBy(a => a.MessageId).Select(a => a.Bid).OfType<Bid>().Select(WindowEntry.Of).TakeLast(PriceChart.MostBars)];

    /// <summary>The price that was crossed, where there is one, and it is the same for all.</summary>
    private decimal? Limit =>
        alerts[0] is { Kind: AlertKind.HighBid or AlertKind.NewHigh or AlertKind.PriceJump, Figure: > 0 } first &&
        (IsOneBid || alerts.All(a => (a.Kind, a.Figure) == (first.Kind, first.Figure))) ? first.Figure : null;

    private string Sentences() => string.Concat(alerts.Select(a => $"<p>{Encode(AlertText.Sentence(a))}</p>"));

    private string PictureElement()
    {
        var words = $"Prices from ${AlertText.Money(Prices.Min(p => p.Amount))} to ${AlertText.Money(Prices.Max(p => p.Amount))}" +
            (Limit is { } limit ? $"; the dashed line is ${AlertText.Money(limit)}" : "");
        return $"""
            <img src="cid:{PictureId}" width="{PriceChart.Width / 2}" height="{PriceChart.Height / 2}" alt="{words}">
            <p class="s">{words}. Oldest on the left.</p>
            """;
    }

    private string Table()
    {
        var rows = new StringBuilder();
        if (IsOneBid)
        {
            foreach (var (entry, isLast) in Prices.Select((p, i) => (p, i == Prices.Count - 1)))
            {
                Row(rows, isLast, Moment(entry.Time), Amount(entry.Amount), entry.Bidder);
            }

            return Prices.Count == 0 ? "" : TableOf(rows, "Time (UTC)", "Bid", "Bidder");
        }

        foreach (var alert in alerts)
        {
            Row(rows, isLast: false, Moment(alert.Time), alert.Bid is { } bid ? Amount(bid.Amount) : "", What(alert));
        }

        return TableOf(rows, "Time (UTC)", "Bid", "Alert") + (more > 0 ? $"<p>… and {more} more.</p>" : "");
    }

    private static string What(Alert alert) => alert.Bid is { } bid
        ? $"{(alert.Kind == AlertKind.HighBid ? "" : $"{AlertText.Name(alert.Kind)}: ")}{UntrustedText.Clean(bid.Item)}" +
            (bid.AuctionId is { } id ? $", auction {UntrustedText.Cut(id, 60)}" : "")
        : AlertText.Sentence(alert);

    private static string TableOf(StringBuilder rows, params ReadOnlySpan<string> heads)
    {
        var head = new StringBuilder();
        foreach (var text in heads)
        {
            head.Append(text == "Bid" ? "<th class=\"n\">" : "<th>").Append(text).Append("</th>");
        }

        return $"<table>\n<tr class=\"s\">{head}</tr>\n{rows}</table>";
    }

    private static void Row(StringBuilder rows, bool isLast, string time, string amount, string text) => rows.Append(
        CultureInfo.InvariantCulture,
        $"<tr{(isLast ? " class=\"l\"" : "")}><td>{time}</td><td class=\"n\">{amount}</td><td><bdi>{Encode(text)}</bdi></td></tr>\n");

    private static string Amount(decimal amount) => $"${AlertText.Money(amount)}";

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
