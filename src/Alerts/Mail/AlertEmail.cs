using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using MimeKit;

namespace AuctionTracker.Alerts.Mail;

/// <summary>The mail about one bid, in the contract's texts (seed 000), or about several alerts: plain text, and the same as a page.</summary>
/// <param name="Key">What identifies the mail: the same for the same alerts; 32 characters of 0–9 and a–f.</param>
/// <param name="FileName">A name for its file, the same for the same alerts, that people can read and every system takes.</param>
/// <param name="From">The sender's address; also where replies go.</param>
/// <param name="To">The receiver's address.</param>
/// <param name="Date">When the mail was composed.</param>
/// <param name="Subject">As in <c>High Bid Alert: Art - $931.43</c>.</param>
/// <param name="Body">As in <c>A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.</c></param>
/// <param name="Page">The body's HTML, and its picture.</param>
public sealed record AlertEmail(string Key, string FileName, string From, string To, DateTimeOffset Date, string Subject, string Body, AlertPage Page)
{
    /// <summary>How much of a long mail is shown.</summary>
    private const int MostLines = 20;

    /// <summary>Words one mail about some alerts.</summary>
    /// <param name="alerts">The alerts; at least one. What comes from their bids is outside text: what could break a header, a line
    /// or the page is escaped.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="date">When the mail was composed.</param>
    /// <param name="more">How many alerts the mail is about beyond these, which would be too many to name.</param>
    public static AlertEmail For(IReadOnlyList<Alert> alerts, string from, string to, DateTimeOffset date, int more = 0)
    {
        var identity = string.Join('\n', alerts.Select(a => $"{a.MessageId} {a.Kind}"));
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32];
        var first = alerts[0];
        var isOneBid = more == 0 && alerts.All(a => a.MessageId == first.MessageId);
        var name = (isOneBid, first.Bid) switch
        {
            (true, { } bid) => $"{AuctionTopology.NameOf(bid.Item)}_{AlertText.Money(bid.Amount)}",
            (true, null) => "dead_letters",
            _ => string.Create(CultureInfo.InvariantCulture, $"{alerts.Count + more}_alerts"),
        };
        var (subject, body) = isOneBid
            ? (AlertText.Subject(first), string.Join('\n', alerts.Select(AlertText.Sentence)))
            : ForMany(alerts, more);
        return new(key, $"{Stamp(first)}_{name}_{key[..12]}.eml", from, to, date, subject, body, new AlertPage(subject, alerts, more));
    }

    /// <summary>The mail as people read it, header lines first; of a long one, the beginning.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            var body = Body.Split('\n');
            var shown = body.Length <= MostLines ? body : [.. body.Take(MostLines), $"... and {body.Length - MostLines} more lines."];
            return [$"From: {From}", $"To: {To}", $"Reply-to: {From}", $"Subject: {Subject}", "", .. shown];
        }
    }

    /// <summary>
    /// The message as it travels by SMTP and as it lies in an .eml file. The same mail is the same bytes, however often it is built.
    /// </summary>
    internal MimeMessage ToMessage()
    {
        var message = new MimeMessage
        {
            Date = Date,
            MessageId = $"{Key}@auction-tracker",
            Subject = Subject,
            Body = new MultipartAlternative(Text("plain", Body), Html()) { Boundary = $"alternative-{Key}" },
        };
        message.From.Add(new MailboxAddress(null, From));
        message.To.Add(new MailboxAddress(null, To));
        message.ReplyTo.Add(new MailboxAddress(null, From));
        message.Headers.Add(HeaderId.ListId, "Auction Tracker alerts <alerts.auction-tracker>");
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private MimeEntity Html()
    {
        var html = Text("html", Page.Html);
        return Page.Picture is not { } picture ? html : new MultipartRelated(html, new MimePart("image", "png")
        {
            Content = new MimeContent(new MemoryStream(picture)),
            ContentTransferEncoding = ContentEncoding.Base64,
            ContentDisposition = new ContentDisposition(ContentDisposition.Inline) { FileName = "prices.png" },
            ContentId = AlertPage.PictureId,
        })
        { Boundary = $"related-{Key}" };
    }

    private static TextPart Text(string subtype, string text)
    {
        var lines = text.ReplaceLineEndings("\r\n");
        return new TextPart(subtype)
        {
            Text = lines,
            ContentTransferEncoding = Ascii.IsValid(lines) && lines.Split("\r\n").All(line => line.Length < 900)
                ? ContentEncoding.SevenBit
                : ContentEncoding.QuotedPrintable,
        };
    }

    private static (string Subject, string Body) ForMany(IReadOnlyList<Alert> alerts, int more)
    {
        var count = alerts.Count + more;
        var bids = alerts.Select(a => a.Bid).OfType<Bid>().ToList();
        var upTo = bids.Count > 0 ? $" up to ${AlertText.Money(bids.Max(b => b.Amount))}" : "";
        var item = bids.Count == alerts.Count && bids.TrueForAll(b => b.Item == bids[0].Item) ? $"{AlertText.Title(bids[0])} - " : "";
        var areHigh = alerts.All(a => a.Kind == AlertKind.HighBid);
        return (
            areHigh ? $"High Bid Alerts: {item}{count} bids{upTo}" : $"Auction Alerts: {item}{count} alerts{(upTo.Length > 0 ? $", bids{upTo}" : "")}",
            $"""
            {(areHigh ? $"{count} high bids were placed:" : $"{count} alerts:")}
            {string.Join('\n', alerts.Select(AlertText.Line))}{(more > 0 ? $"\n... and {more} more." : "")}
            """.ReplaceLineEndings("\n"));
    }

    private static string Stamp(Alert alert) => alert.Time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
}
