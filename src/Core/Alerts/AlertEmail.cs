using System.Globalization;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Alerts;

/// <summary>The mail about one high bid, in the contract's texts (seed 000), or about several. Immutable.</summary>
/// <param name="Key">What identifies the mail: the same for the same alerts; 32 characters of 0–9 and a–f.</param>
/// <param name="FileName">A name for its file, the same for the same alerts, that people can read and every system takes.</param>
/// <param name="From">The sender's address; also where replies go.</param>
/// <param name="To">The receiver's address.</param>
/// <param name="Subject">As in <c>High Bid Alert: Art - $931.43</c>.</param>
/// <param name="Body">As in <c>A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.</c></param>
public sealed record AlertEmail(string Key, string FileName, string From, string To, string Subject, string Body)
{
    /// <summary>How much of a long mail is shown.</summary>
    private const int MostLines = 20;

    /// <summary>Words one mail about some alerts.</summary>
    /// <param name="alerts">The alerts; at least one. What comes from their bids is outside text: what could break a header or a
    /// line is escaped.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    public static AlertEmail For(IReadOnlyList<Alert> alerts, string from, string to)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', alerts.Select(a => a.MessageId)))))[..32];
        return alerts is [var only] ? ForOne(only.Bid, key, from, to) : ForMany([.. alerts.Select(a => a.Bid)], key, from, to);
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

    internal MailMessage ToMessage() => new(From, To, Subject, Body.ReplaceLineEndings("\r\n"))
    {
        ReplyToList = { From },
        Headers =
        {
            ["Message-ID"] = $"<{Key}@auction-tracker>",
            ["List-Id"] = "Auction Tracker alerts <alerts.auction-tracker>",
            ["Auto-Submitted"] = "auto-generated",
        },
        SubjectEncoding = Encoding.UTF8,
        BodyEncoding = Encoding.UTF8,
        BodyTransferEncoding = Ascii.IsValid(Body) && Body.Split('\n').All(line => line.Length < 900)
            ? TransferEncoding.SevenBit
            : TransferEncoding.QuotedPrintable,
    };

    private static AlertEmail ForOne(Bid bid, string key, string from, string to) => new(
        key,
        $"{Stamp(bid)}_{AuctionTopology.NameOf(bid.Item)}_{Money(bid)}_{key[..12]}.eml",
        from,
        to,
        $"High Bid Alert: {Title(bid)} - ${Money(bid)}",
        $"A high bid of ${Money(bid)} was placed on {OutsideText.Clean(bid.Item)} at {Bid.Format(bid.Timestamp)}.");

    private static AlertEmail ForMany(List<Bid> bids, string key, string from, string to)
    {
        var highest = bids.MaxBy(b => b.Amount)!;
        var isOneItem = bids.TrueForAll(b => b.Item == highest.Item);
        var body = bids.Select(b =>
            $"${Money(b)} on {OutsideText.Clean(b.Item)}{(b.AuctionId is { } id ? $" in auction {OutsideText.Clean(id)}" : "")} at {Bid.Format(b.Timestamp)}");
        return new(
            key,
            $"{Stamp(bids[0])}_{bids.Count}_bids_{key[..12]}.eml",
            from,
            to,
            $"High Bid Alerts: {(isOneItem ? $"{Title(highest)} - " : "")}{bids.Count} bids up to ${Money(highest)}",
            $"{bids.Count} high bids were placed:\n{string.Join('\n', body)}");
    }

    private static string Stamp(Bid bid) => bid.Timestamp.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    private static string Money(Bid bid) => bid.Amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Title(Bid bid)
    {
        var item = OutsideText.Clean(bid.Item);
        return $"{char.ToUpperInvariant(item[0])}{item[1..]}";
    }
}
