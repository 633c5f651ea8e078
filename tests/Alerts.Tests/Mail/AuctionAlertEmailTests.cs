using System.Text.RegularExpressions;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Mail;

/// <summary>Mails about auctions that closed.</summary>
public sealed partial class AuctionAlertEmailTests
{
    private const string Time = "2024-06-12T03:56:06.410536+00:00";

    [Fact]
    public void A_sale_says_to_whom_for_how_much_and_after_how_many_bids()
    {
        var alert = Sold("17", 931.43m, bids: 12, bidders: 5, opening: 400);
        var mail = MailOf(alert);

        Assert.Equal("Auction Closed Alert: Art - $931.43", mail.Subject);
        Assert.Equal($"Auction 17 of art closed at {Time}: sold to Ada Byron for $931.43, after 12 bids of 5 bidders.", mail.TextBody);
        Assert.Equal($"Auction closed alert: 931.43 at {Time}, auction 17 of art", alert.ToString());
        Assert.StartsWith("20240612T035606_art_931.43_", mail.FileName, StringComparison.Ordinal);
    }

    [Fact]
    public void An_auction_without_a_sale_says_what_it_lacked()
    {
        var alert = Unsold("17", 300m, opening: 400);
        var mail = MailOf(alert);

        Assert.Equal("Auction Unsold Alert: Art - $300.00", mail.Subject);
        Assert.Equal(
            $"Auction 17 of art closed unsold at {Time}: its highest bid, $300.00, is below the opening amount of $400.00.", mail.TextBody);
        Assert.Equal($"Auction unsold alert: 300.00 at {Time}, auction 17 of art", alert.ToString());
    }

    [Fact]
    public void One_bid_of_one_bidder_is_said_in_the_singular() =>
        Assert.EndsWith(" for $10.00, after 1 bid of 1 bidder.", MailOf(Sold("17", 10m, bids: 1, bidders: 1)).TextBody, StringComparison.Ordinal);

    [Fact]
    public void The_page_has_the_facts_and_a_picture_of_the_price_steps()
    {
        var mail = MailOf(Sold("17", 931.43m, bids: 12, bidders: 5, opening: 400));

        Assert.Contains("<p>Sold to Ada Byron for $931.43.</p>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal(
            [
                ("Auction", "17"), ("Item", "art"), ("Opening amount", "$400.00"), ("Highest bid", "$931.43"), ("Bids", "12 bids of 5 bidders"),
                ("Closed", "2024-06-12 03:56:06 UTC"),
            ],
            Facts(mail));
        Assert.Contains(
            "alt=\"How the price rose from $10.00 to $931.43; the dashed line is the opening amount, $400.00\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal(PriceChart.Draw([10m, 500m, 931.43m], 400m), mail.Chart);
    }

    [Fact]
    public void The_page_of_an_auction_without_a_sale_names_no_winner()
    {
        var page = MailOf(Unsold("17", 300m, opening: 400)).HtmlBody;

        Assert.Contains("<p>Not sold: no bid reached the opening amount of $400.00.</p>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada Byron", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_auction_without_an_opening_amount_has_no_dashed_line() =>
        Assert.Contains("alt=\"How the price rose from $10.00 to $931.43\"", MailOf(Sold("17", 931.43m)).HtmlBody, StringComparison.Ordinal);

    [Fact]
    public void A_price_that_never_rose_is_no_rise() => Assert.Contains(
        "alt=\"The price stayed at $300.00; the dashed line is the opening amount, $400.00\"", MailOf(Unsold("17", 300m, opening: 400)).HtmlBody, StringComparison.Ordinal);

    [Fact]
    public void Of_many_price_steps_the_picture_shows_some_at_even_distances_the_first_and_the_last_among_them()
    {
        var steps = Enumerable.Range(1, 200).Select(i => (Some.Time, (decimal)i)).ToList();

        var alert = Alert.ForAuction("m-1", isSold: true, Some.Bid(200m), new AuctionTotals(200, 2), steps);

        var amounts = alert.Window.Select(step => step.Amount).ToList();
        Assert.Equal((120, 1m, 200m), (amounts.Count, amounts[0], amounts[^1]));
        Assert.All(amounts.Zip(amounts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, 2));
    }

    [Fact]
    public void A_mail_about_many_sales_lists_each()
    {
        var mail = MailOf(Sold("17", 931.43m), Sold("18", 50m), Sold("19", 60m));

        Assert.Equal("Auction Closed Alerts: Art - 3 auctions up to $931.43", mail.Subject);
        Assert.Equal(
            [
                "3 auctions closed with a sale:",
                $"Auction 17 of art closed at {Time}: sold to Ada Byron for $931.43, after 3 bids of 2 bidders.",
                $"Auction 18 of art closed at {Time}: sold to Ada Byron for $50.00, after 3 bids of 2 bidders.",
                $"Auction 19 of art closed at {Time}: sold to Ada Byron for $60.00, after 3 bids of 2 bidders.",
            ],
            mail.TextBody.Split('\n'));
        Assert.Contains("<td class=\"n\">$50.00</td><td><bdi>Auction 18 of art: sold to Ada Byron</bdi></td>", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_about_auctions_without_a_sale_lists_each()
    {
        var mail = MailOf(Unsold("17", 300m, opening: 400), Unsold("18", 20m, opening: 40));

        Assert.Equal("Auction Unsold Alerts: Art - 2 auctions up to $300.00", mail.Subject);
        Assert.StartsWith("2 auctions closed unsold:\nAuction 17 of art closed unsold at ", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<td><bdi>Auction 18 of art: unsold, below $40.00</bdi></td>", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_about_different_alerts_of_an_item_lists_each()
    {
        var mail = MailOf(
            Sold("17", 931.43m), Unsold("18", 300m, opening: 400), Alert.ForBid("m-2", AlertKind.HighBid, Some.Bid(900m, "art", auctionId: "17"), 800m));

        Assert.Equal("Auction Alerts: Art - 3 alerts, bids up to $931.43", mail.Subject);
        Assert.Equal(
            [
                "3 alerts:",
                $"Auction 17 of art closed at {Time}: sold to Ada Byron for $931.43, after 3 bids of 2 bidders.",
                $"Auction 18 of art closed unsold at {Time}: its highest bid, $300.00, is below the opening amount of $400.00.",
                $"$900.00 on art in auction 17 at {Time}",
            ],
            mail.TextBody.Split('\n'));
    }

    [Theory]
    [InlineData("a\r\nBcc: all@example.com")]
    [InlineData("</bdi><script>alert(1)</script>")]
    [InlineData("\u202egnp.exe \u200f")]
    public void Hostile_text_breaks_no_line_and_adds_no_markup(string text)
    {
        var bid = Some.Bid(10m, text, bidderName: text, auctionId: text);
        foreach (var alerts in (Alert[][])[[AlertOf(bid, isSold: true)], [AlertOf(bid, isSold: true), AlertOf(bid, isSold: false)]])
        {
            var mail = MailOf(alerts);

            Assert.Equal(alerts.Length == 1 ? 1 : 3, mail.TextBody.Split('\n').Length);
            Assert.DoesNotContain(mail.Subject + mail.FileName + mail.TextBody.Replace("\n", "", StringComparison.Ordinal), c => char.IsControl(c) || c == '\u202e');
            Assert.DoesNotContain("<script>", mail.HtmlBody, StringComparison.Ordinal);
            Assert.DoesNotContain(mail.HtmlBody, c => c is '\u202e' or '\u200f' or '\r');
        }
    }

    internal static Alert Sold(string auction, decimal amount, int bids = 3, int bidders = 2, decimal? opening = null) => Alert.ForAuction(
        $"sold-{auction}", isSold: true, HighestOf(auction, amount, opening), new AuctionTotals(bids, bidders),
        [(Some.Time.AddHours(-3), 10m), (Some.Time.AddHours(-2), 500m), (Some.Time.AddHours(-1), amount)]);

    internal static Alert Unsold(string auction, decimal amount, decimal opening) => Alert.ForAuction(
        $"unsold-{auction}", isSold: false, HighestOf(auction, amount, opening), new AuctionTotals(2, 1), [(Some.Time.AddHours(-1), amount)]);

    private static Core.Bids.Bid HighestOf(string auction, decimal amount, decimal? opening) =>
        Some.Bid(amount, "art", Some.Time.AddHours(-1), auctionId: auction) with { AuctionCloses = Some.Time, AuctionOpening = opening };

    private static Alert AlertOf(Core.Bids.Bid bid, bool isSold) => Alert.ForAuction($"{isSold}", isSold, bid, new AuctionTotals(1, 1), [(Some.Time, 10m)]);

    private static IEnumerable<(string Name, string Value)> Facts(AlertEmail mail) =>
        Fact().Matches(mail.HtmlBody).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    [GeneratedRegex("<tr><th class=\"k\">([^<]+)</th><td><bdi>([^<]+)</bdi></td></tr>")]
    private static partial Regex Fact();

    private static AlertEmail MailOf(params Alert[] alerts) => new(alerts, "from@example.com", "to@example.com", Some.Time);
}
