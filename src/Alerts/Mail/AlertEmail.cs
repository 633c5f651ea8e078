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
internal sealed class AlertEmail(IReadOnlyList<Alert> alerts, string from, string to, DateTimeOffset date, int unlisted = 0) : IMail
{
    private const int MaxBodyLines = 20;

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

    /// <inheritdoc/>
    public MimeMessage ToMessage()
    {
        var message = MailParts.Create(Key, from, new MailboxAddress(null, to), date, Subject, TextBody, HtmlBody, Chart);
        message.Headers.Insert(message.Headers.IndexOf(HeaderId.AutoSubmitted), HeaderId.ListId, "Auction Tracker alerts <alerts.auction-tracker>");
        return message;
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
