using System.Globalization;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Alerts;

/// <summary>The mail about one bid, in the contract's texts (seed 000), or about several alerts: plain text, and the same as a page.</summary>
/// <param name="Key">What identifies the mail: the same for the same alerts; 32 characters of 0–9 and a–f.</param>
/// <param name="FileName">A name for its file, the same for the same alerts, that people can read and every system takes.</param>
/// <param name="From">The sender's address; also where replies go.</param>
/// <param name="To">The receiver's address.</param>
/// <param name="Subject">As in <c>High Bid Alert: Art - $931.43</c>.</param>
/// <param name="Body">As in <c>A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.</c></param>
/// <param name="Page">The body's HTML, and its picture.</param>
public sealed record AlertEmail(string Key, string FileName, string From, string To, string Subject, string Body, AlertPage Page)
{
    /// <summary>How much of a long mail is shown.</summary>
    private const int MostLines = 20;

    /// <summary>Words one mail about some alerts.</summary>
    /// <param name="alerts">The alerts; at least one. What comes from their bids is outside text: what could break a header, a line
    /// or the page is escaped.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="more">How many alerts the mail is about beyond these, which would be too many to name.</param>
    public static AlertEmail For(IReadOnlyList<Alert> alerts, string from, string to, int more = 0)
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
        return new(key, $"{Stamp(first)}_{name}_{key[..12]}.eml", from, to, subject, body, new AlertPage(subject, alerts, more));
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

    internal MailMessage ToMessage() => new(From, To)
    {
        Subject = Subject,
        SubjectEncoding = Encoding.UTF8,
        ReplyToList = { From },
        Headers =
        {
            ["Message-ID"] = $"<{Key}@auction-tracker>",
            ["List-Id"] = "Auction Tracker alerts <alerts.auction-tracker>",
            ["Auto-Submitted"] = "auto-generated",
        },
        AlternateViews = { Text(Body, MediaTypeNames.Text.Plain), PageView() },
    };

    private AlternateView PageView()
    {
        var view = Text(Page.Html, MediaTypeNames.Text.Html);
        if (Page.Picture is { } picture)
        {
            view.LinkedResources.Add(new LinkedResource(new MemoryStream(picture), "image/png")
            {
                ContentId = AlertPage.PictureId,
                ContentType = { Name = "prices.png" },
            });
        }

        return view;
    }

    private static AlternateView Text(string text, string type)
    {
        var lines = text.ReplaceLineEndings("\r\n");
        var view = AlternateView.CreateAlternateViewFromString(lines, Encoding.UTF8, type);
        view.TransferEncoding = Ascii.IsValid(lines) && lines.Split("\r\n").All(line => line.Length < 900)
            ? TransferEncoding.SevenBit
            : TransferEncoding.QuotedPrintable;
        return view;
    }

    private static (string Subject, string Body) ForMany(IReadOnlyList<Alert> alerts, int more)
    {
        var count = alerts.Count + more;
        var bids = alerts.Select(a => a.Bid).OfType<Bids.Bid>().ToList();
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
