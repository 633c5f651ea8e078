using System.Net;
using System.Text;
using AuctionTracker.Core.Hosting;
using MimeKit;

namespace AuctionTracker.Alerts.Mail;

/// <summary>Builds the message of a mail: plain text, and a page with a picture. Equal arguments give equal bytes.</summary>
public static class MailParts
{
    /// <summary>The content id of the picture.</summary>
    public const string ChartId = "prices@auction-tracker";

    // It adapts to phones and to dark mode.
    private const string Style = """
        :root{color-scheme:light dark}
        body{margin:0;padding:24px 16px;font:16px/1.5 -apple-system,Segoe UI,Helvetica,Arial,sans-serif;color:#111827;background:#fff}
        div{max-width:560px;margin:0 auto;overflow-wrap:anywhere}
        h1{font-size:22px;line-height:1.3;margin:0 0 12px}
        p{margin:0 0 16px}
        img{display:block;border:0;width:100%;height:auto}
        table{width:100%;border-collapse:collapse;font-size:14px}
        td,th{padding:6px 12px 6px 0;border-bottom:1px solid #e5e7eb;text-align:left;vertical-align:top}
        td:last-child,th:last-child{padding-right:0}
        .t{white-space:nowrap}
        .n{text-align:right;white-space:nowrap}
        .s{font-size:12px;color:#6b7280;margin:8px 0 16px}
        .f{margin:24px 0 0}
        .l{font-weight:bold}
        .k{width:1%;padding-right:24px;font-weight:normal;white-space:nowrap;color:#6b7280}
        @media(prefers-color-scheme:dark){
        body{color:#e5e7eb;background:#111827}
        td,th{border-color:#374151}
        .s,.k{color:#9ca3af}
        }
        @media(max-width:480px){
        body{padding:16px 12px}
        table{font-size:13px}
        td,th{padding-right:8px}
        .k{padding-right:16px}
        }
        """;

    private const int MaxSevenBitLine = 900; // RFC 5322 allows 998 characters

    /// <summary>Makes a page.</summary>
    /// <param name="title">Its title and heading, as HTML.</param>
    /// <param name="content">What follows, as HTML.</param>
    /// <param name="footer">The line at its end, as HTML.</param>
    public static string Page(string title, string content, string footer) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
        <title>{title}</title><style>
        {Style}
        </style></head>
        <body><div>
        <h1>{title}</h1>
        {content}
        <p class="s f">{footer}</p>
        </div></body>
        </html>
        """;

    /// <summary>Makes a table of names and values. Values are cleaned and encoded.</summary>
    /// <param name="facts">The rows.</param>
    public static string Facts(IEnumerable<(string Name, string Value)> facts) =>
        $"""
        <table>
        {string.Join('\n', facts.Select(fact => $"<tr><th class=\"k\">{fact.Name}</th><td><bdi>{WebUtility.HtmlEncode(UntrustedText.Clean(fact.Value))}</bdi></td></tr>"))}
        </table>
        """;

    /// <summary>The caption of the picture of an auction's prices, without a full stop.</summary>
    /// <param name="first">The price of the first bid.</param>
    /// <param name="last">The highest bid.</param>
    /// <param name="opening">The amount of the dashed line; <see langword="null"/> for none.</param>
    public static string PriceCaption(decimal first, decimal last, decimal? opening) =>
        (first < last ? $"How the price rose from ${AlertText.Money(first)} to" : "The price stayed at") + $" ${AlertText.Money(last)}" +
        (opening is { } line ? $"; the dashed line is the opening amount, ${AlertText.Money(line)}" : "");

    /// <summary>Builds a message.</summary>
    /// <param name="key">The identity of the mail.</param>
    /// <param name="from">The sender's address, which is also the reply address.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="date">The value of the Date header.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="text">The plain text.</param>
    /// <param name="html">The page. It shows the picture as <c>cid:</c> <see cref="ChartId"/>.</param>
    /// <param name="chart">The picture as a PNG file, or <see langword="null"/> for none.</param>
    public static MimeMessage Create(
        string key, string from, MailboxAddress to, DateTimeOffset date, string subject, string text, string html, byte[]? chart)
    {
        var message = new MimeMessage
        {
            Date = date,
            MessageId = $"{key}@auction-tracker",
            Subject = subject,
            Body = new MultipartAlternative(TextPart("plain", text), HtmlPart(key, html, chart)) { Boundary = $"alternative-{key}" },
        };
        message.From.Add(new MailboxAddress(null, from));
        message.To.Add(to);
        message.ReplyTo.Add(new MailboxAddress(null, from));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private static MimeEntity HtmlPart(string key, string body, byte[]? chart)
    {
        var html = TextPart("html", body);
        return chart is null ? html : new MultipartRelated(html, new MimePart("image", "png")
        {
            Content = new MimeContent(new MemoryStream(chart)),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(ContentDisposition.Inline) { FileName = "prices.png" },
            ContentId = ChartId,
        })
        { Boundary = $"related-{key}" };
    }

    private static TextPart TextPart(string subtype, string text)
    {
        var lines = text.ReplaceLineEndings("\r\n");
        return new TextPart(subtype)
        {
            Text = lines,
            ContentTransferEncoding = Ascii.IsValid(lines) && lines.Split("\r\n").All(line => line.Length < MaxSevenBitLine)
                ? ContentEncoding.SevenBit
                : ContentEncoding.QuotedPrintable,
        };
    }
}
