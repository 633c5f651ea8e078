using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuctionTracker.Core.Messaging;
using MimeKit;

namespace AuctionTracker.Alerts.Mail;

/// <summary>A mail about one or more alerts. Untrusted text in it is escaped. Immutable.</summary>
/// <param name="alerts">The alerts that the mail lists, at least one.</param>
/// <param name="from">The sender's address, which is also the reply address.</param>
/// <param name="to">The receiver's address.</param>
/// <param name="date">The value of the Date header.</param>
/// <param name="unlisted">The number of further alerts that the mail counts but does not list.</param>
internal sealed class AlertEmail(IReadOnlyList<Alert> alerts, string from, string to, DateTimeOffset date, int unlisted = 0)
{
    private const int MaxBodyLines = 20;
    private const int MaxSevenBitLine = 900; // RFC 5322 allows 998 characters

    private readonly AlertHtml _html = new(alerts, unlisted);

    /// <summary>The identity of the mail: 32 hexadecimal digits, derived from the alerts it lists.</summary>
    public string Key { get; } = Hash(alerts);

    /// <summary>A readable file name that is valid on all systems; equal for equal alerts.</summary>
    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{alerts[0].Time.UtcDateTime:yyyyMMdd'T'HHmmss}_{Slug(alerts, unlisted)}_{Key[..12]}.eml");

    /// <inheritdoc cref="AlertText.Subject"/>
    public string Subject { get; } = AlertText.Subject(alerts, unlisted);

    /// <inheritdoc cref="AlertText.Body"/>
    public string TextBody { get; } = AlertText.Body(alerts, unlisted);

    /// <inheritdoc cref="AlertHtml.Body"/>
    public string HtmlBody => _html.Body;

    /// <inheritdoc cref="AlertHtml.Chart"/>
    public byte[]? Chart => _html.Chart;

    /// <summary>The mail for the log: headers and plain text. Shows at most 20 lines of the text.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            var body = TextBody.Split('\n');
            var shown = body.Length <= MaxBodyLines ? body : [.. body.Take(MaxBodyLines), $"... and {body.Length - MaxBodyLines} more lines."];
            return [$"From: {from}", $"To: {to}", $"Reply-to: {from}", $"Subject: {Subject}", "", .. shown];
        }
    }

    /// <summary>Builds the message, the same for SMTP and .eml files. Equal mails are equal bytes.</summary>
    public MimeMessage ToMessage()
    {
        var message = new MimeMessage
        {
            Date = date,
            MessageId = $"{Key}@auction-tracker",
            Subject = Subject,
            Body = new MultipartAlternative(TextPart("plain", TextBody), HtmlPart()) { Boundary = $"alternative-{Key}" },
        };
        message.From.Add(new MailboxAddress(null, from));
        message.To.Add(new MailboxAddress(null, to));
        message.ReplyTo.Add(new MailboxAddress(null, from));
        message.Headers.Add(HeaderId.ListId, "Auction Tracker alerts <alerts.auction-tracker>");
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private MimeEntity HtmlPart()
    {
        var html = TextPart("html", HtmlBody);
        return Chart is not { } chart ? html : new MultipartRelated(html, new MimePart("image", "png")
        {
            Content = new MimeContent(new MemoryStream(chart)),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(ContentDisposition.Inline) { FileName = "prices.png" },
            ContentId = AlertHtml.ChartId,
        })
        { Boundary = $"related-{Key}" };
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

    private static string Hash(IReadOnlyList<Alert> alerts)
    {
        var identity = string.Join('\n', alerts.Select(a => $"{a.MessageId} {a.Kind}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32];
    }

    private static string Slug(IReadOnlyList<Alert> alerts, int unlisted) => (AlertText.IsAboutOneMessage(alerts, unlisted), alerts[0].Bid) switch
    {
        (true, { } bid) => $"{AuctionTopology.NameOf(bid.Item)}_{AlertText.Money(bid.Amount)}",
        (true, null) => "dead_letters",
        _ => string.Create(CultureInfo.InvariantCulture, $"{alerts.Count + unlisted}_alerts"),
    };
}
