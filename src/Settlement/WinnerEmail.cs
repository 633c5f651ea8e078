using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Settlements;
using MimeKit;

namespace AuctionTracker.Settlement;

/// <summary>The mail to a winner. Untrusted text in it is escaped. Immutable.</summary>
/// <param name="mail">What it is about.</param>
/// <param name="from">The sender's address.</param>
internal sealed class WinnerEmail(WinnerMail mail, string from) : IMail
{
    private readonly SoldAuction _sale = mail.Sale;

    /// <inheritdoc/>
    public string Key { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"won {mail.Sale.AuctionId}")))[..32];

    /// <inheritdoc/>
    public string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{_sale.Closed.UtcDateTime:yyyyMMdd'T'HHmmss}_{AuctionTopology.NameOf(_sale.Item)}_{_sale.Amount:0.00}_{Key[..12]}.eml");

    /// <summary>The subject: <c>You won: Cartier wristwatch - $510.00</c>.</summary>
    public string Subject => $"You won: {UntrustedText.Clean(_sale.Item)} - ${Money(_sale.Amount)}";

    /// <summary>The address of the winner, or <see langword="null"/> if the bid has none that can be written to.</summary>
    public MailboxAddress? To => MailboxAddress.TryParse(_sale.WinnerEmail, out var address) && address.Address.Contains('@', StringComparison.Ordinal)
        ? new MailboxAddress(UntrustedText.Clean(_sale.WinnerName), address.Address)
        : null;

    /// <summary>The plain text.</summary>
    public string Text =>
        $"""
        {UntrustedText.Clean(_sale.WinnerName)}, you won auction {UntrustedText.Cut(_sale.AuctionId, 60)}.

        Item:     {UntrustedText.Clean(_sale.Item)}
        Price:    ${Money(_sale.Amount)}
        Closed:   {Time(_sale.Closes)} UTC
        Bids:     {Caption.Count(_sale.Bids, "bid")} of {Caption.Count(_sale.Bidders, "bidder")}
        """;

    /// <inheritdoc/>
    /// <exception cref="MailException">The winner's address can't be written to.</exception>
    public MimeMessage ToMessage() => MailParts.Create(
        Key, from, To ?? throw new MailException("The address of the winner can't be written to.", MailFailure.Refused), mail.Made, Subject, Text, Html(), Chart());

    private byte[]? Chart() => _sale.Prices.Count == 0 ? null : PriceChart.Draw([.. PriceChart.Thin(_sale.Prices).Select(step => step.Amount)], _sale.Opening);

    private string Html()
    {
        var rise = _sale.Prices.Count == 0 ? "" : MailParts.PriceCaption(_sale.Prices[0].Amount, _sale.Amount, _sale.Opening);
        var picture = _sale.Prices.Count == 0 ? "" :
            $"""
            <img src="cid:{MailParts.ChartId}" width="{PriceChart.Width / 2}" height="{PriceChart.Height / 2}" alt="{rise}">
            <p class="s">{rise}.</p>
            """;
        return MailParts.Page(
            Encode(Subject),
            $"""
            <p><bdi>{Encode(_sale.WinnerName)}</bdi>, you won auction <bdi>{Encode(UntrustedText.Cut(_sale.AuctionId, 60))}</bdi>.</p>
            {picture}
            {MailParts.Facts([
                ("Item", _sale.Item),
                ("Price", $"${Money(_sale.Amount)}"),
                ("Closed", $"{Time(_sale.Closes)} UTC"),
                ("Bids", $"{Caption.Count(_sale.Bids, "bid")} of {Caption.Count(_sale.Bidders, "bidder")}"),
            ])}
            """,
            "Sent by Auction Tracker, settlement.");
    }

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(UntrustedText.Clean(text));
}
