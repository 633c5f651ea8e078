using System.Globalization;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Alerts;

/// <summary>The mail about a high bid, in the contract's texts (seed 000). Immutable.</summary>
/// <param name="Key">What identifies the alert: the same for the same message; 32 characters of 0–9 and a–f.</param>
/// <param name="FileName">A name for its file, the same for the same message, that people can read and every system takes.</param>
/// <param name="From">The sender's address; also where replies go.</param>
/// <param name="To">The receiver's address.</param>
/// <param name="Subject">As in <c>High Bid Alert: Art - $931.43</c>.</param>
/// <param name="Body">As in <c>A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.</c></param>
public sealed record AlertEmail(string Key, string FileName, string From, string To, string Subject, string Body)
{
    /// <summary>Words an alert.</summary>
    /// <param name="bid">The high bid. Its item is outside text; what could break a header or a line is escaped.</param>
    /// <param name="messageId">What identifies the bid's message; any text.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    public static AlertEmail For(Bid bid, string messageId, string from, string to)
    {
        var item = OutsideText.Clean(bid.Item);
        var amount = bid.Amount.ToString("0.00", CultureInfo.InvariantCulture);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)))[..32];
        return new AlertEmail(
            key,
            string.Create(CultureInfo.InvariantCulture, $"{bid.Timestamp:yyyyMMdd'T'HHmmss}_{AuctionTopology.NameOf(bid.Item)}_{amount}_{key[..12]}.eml"),
            from,
            to,
            $"High Bid Alert: {char.ToUpperInvariant(item[0])}{item[1..]} - ${amount}",
            $"A high bid of ${amount} was placed on {item} at {Bid.Format(bid.Timestamp)}.");
    }

    /// <summary>The mail as people read it, header lines first.</summary>
    public IEnumerable<string> Lines =>
        [$"From: {From}", $"To: {To}", $"Reply-to: {From}", $"Subject: {Subject}", "", Body];

    internal MailMessage ToMessage() => new(From, To, Subject, Body)
    {
        ReplyToList = { From },
        Headers = { ["Message-ID"] = $"<{Key}@auction-tracker>" },
        SubjectEncoding = Encoding.UTF8,
        BodyEncoding = Encoding.UTF8,
        BodyTransferEncoding = Ascii.IsValid(Body) ? TransferEncoding.SevenBit : TransferEncoding.QuotedPrintable,
    };
}
