using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Bids;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Mail;

public sealed partial class AlertHtmlTests
{
    [Fact]
    public void The_HTML_of_one_bid_shows_its_window_with_the_bid_as_the_last_row()
    {
        var page = MailOf(AlertOf(Some.Bid(931.43m, "art"), 412.5m, 655m)).HtmlBody;

        Assert.Contains("<p>A high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.</p>", page, StringComparison.Ordinal);
        Assert.Equal(["$412.50", "$655.00", "$931.43"], Amounts(page));
        Assert.Contains("<tr class=\"l\"><td class=\"t\">2024-06-12 03:56:06</td><td class=\"n\">$931.43</td><td><bdi>Ada Byron</bdi></td></tr>", page, StringComparison.Ordinal);
        Assert.Contains("alt=\"Prices from $412.50 to $931.43; the dashed line is $800.00\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Alerts_about_one_bid_are_a_sentence_each_and_the_first_gives_the_subject()
    {
        var high = AlertOf(Some.Bid(931.43m, "art", auctionId: "17"), 600m);
        var mail = MailOf(high, high with { Kind = AlertKind.NewHigh, Baseline = 900m }, high with { Kind = AlertKind.PriceJump, Baseline = 600m });

        Assert.Equal("High Bid Alert: Art - $931.43", mail.Subject);
        Assert.Equal(
            [
                "A high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.",
                "A bid of $931.43 on art in auction 17 at 2024-06-12T03:56:06.410536+00:00 is a new high, above $900.00.",
                "A bid of $931.43 on art at 2024-06-12T03:56:06.410536+00:00 is 55% above $600.00, the mean of the other bids in its window.",
            ],
            mail.TextBody.Split('\n'));
        Assert.Equal(["$600.00", "$931.43"], Amounts(mail.HtmlBody));
    }

    [Theory]
    [InlineData("0")] // the mean of amounts too small for a sum with this one
    [InlineData("0.0000000000000000000000000001")]
    public void A_jump_from_almost_zero_has_no_percentage(string mean)
    {
        var jump = AlertOf(Some.Bid(1_000_000_000_000m, "art")) with { Kind = AlertKind.PriceJump, Baseline = decimal.Parse(mean, CultureInfo.InvariantCulture) };

        Assert.Equal(
            "A bid of $1000000000000.00 on art at 2024-06-12T03:56:06.410536+00:00 is far above $0.00, the mean of the other bids in its window.",
            MailOf(jump).TextBody);
    }

    [Fact]
    public void A_mail_about_many_bids_counts_them_and_lists_each_in_text_and_HTML()
    {
        var alerts = Enumerable.Range(1, 30).Select(i => AlertOf(Some.Bid(800m + i, "art", auctionId: "17")) with { MessageId = $"m-{i}" }).ToArray();

        var mail = MailOf(alerts);

        Assert.Equal("High Bid Alerts: Art - 30 bids up to $830.00", mail.Subject);
        Assert.StartsWith("30 high bids were placed:\n$801.00 on art in auction 17 at ", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal(31, mail.TextBody.Split('\n').Length);
        Assert.Contains("<p>30 alerts in this mail, from 2024-06-12 03:56:06 to 2024-06-12 03:56:06 UTC.</p>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal(alerts.Select(a => $"${a.Bid!.Amount:0.00}"), Amounts(mail.HtmlBody));
    }

    [Fact]
    public void A_mail_counts_the_alerts_that_it_does_not_list()
    {
        var mail = new AlertEmail([AlertOf(Some.Bid(900m)), AlertOf(Some.Bid(901m)) with { MessageId = "m-2" }], "from@example.com", "to@example.com", Some.Time, unlisted: 98);

        Assert.Equal("High Bid Alerts: Electronics - 100 bids up to $901.00", mail.Subject);
        Assert.EndsWith("\n... and 98 more.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<p>... and 98 more.</p>", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_letter_alert_has_the_last_reason_and_no_chart()
    {
        var mail = MailOf(new Alert("m-1", AlertKind.DeadLetter, Some.Time, 10m) { Reason = "auction_queue_art: bid_amount is missing" });

        Assert.Equal("Dead Letter Alert: more than 10 a minute", mail.Subject);
        Assert.Equal(
            "More than 10 messages a minute cannot be processed. The last one, at 2024-06-12T03:56:06.410536+00:00, was from auction_queue_art: bid_amount is missing",
            mail.TextBody);
        Assert.Null(mail.Chart);
        Assert.DoesNotContain("<img", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("art\r\nBcc: all@example.com\r\n\r\n<b>hello</b>")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("&lt;b&gt; &#60;b&#62; ]]> -->")]
    [InlineData("\u202egnp.exe \u200f \u2066")]
    [InlineData("cid:prices@auction-tracker")]
    [InlineData("--boundary_0_x\r\n--boundary--\r\n.\r\nQUIT")]
    public async Task Hostile_text_adds_no_header_part_or_markup(string text)
    {
        var harmless = await WriteAsync("art", "Ada Byron", "17");

        var hostile = await WriteAsync(text, string.Concat(Enumerable.Repeat(text, 10_000 / text.Length)), text);

        Assert.Equal(harmless.Headers, hostile.Headers);
        Assert.Equal(harmless.Tags, hostile.Tags);
        Assert.DoesNotContain(hostile.Page, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain(hostile.Page, c => char.GetUnicodeCategory(c) == UnicodeCategory.Format);
        Assert.InRange(hostile.Page.Length, 0, harmless.Page.Length + 20_000);
    }

    /// <summary>The header names, including those of the parts, and the HTML tags of two mails: about one bid, and about two.</summary>
    private static async Task<(List<string> Headers, List<string> Tags, string Page)> WriteAsync(string item, string bidder, string auction)
    {
        var alert = AlertOf(Some.Bid(931.43m, item, bidderName: bidder, auctionId: auction), 412.5m) with { Kind = AlertKind.NewHigh };
        var garbage = new Alert("m-3", AlertKind.DeadLetter, Some.Time, 10m) { Reason = item };
        var (headers, pages) = (new List<string>(), "");
        foreach (var mail in new[] { MailOf(alert), MailOf(alert, alert with { MessageId = "m-2" }, garbage) })
        {
            using var folder = new TempFolder();
            await new EmlFolder(folder["outbox"]).SendAsync(mail, CancellationToken.None);
            var text = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder["outbox"])));
            headers.AddRange(HeaderBlock().Matches(text).SelectMany(block => HeaderName().Matches(block.Value)).Select(m => m.Value));
            pages += mail.HtmlBody.Split("</style>")[1];
        }

        return (headers, [.. Tag().Matches(Alt().Replace(pages, "")).Select(m => m.Value)], pages);
    }

    private static Alert AlertOf(Bid bid, params IEnumerable<decimal> before) => Alert.ForBid("m-1", AlertKind.HighBid, bid, 800m) with
    {
        Window = [.. before.Select(amount => WindowEntry.From(bid with { Amount = amount })), WindowEntry.From(bid)],
    };

    private static AlertEmail MailOf(params Alert[] alerts) => new AlertEmail(alerts, "from@example.com", "to@example.com", Some.Time);

    private static IEnumerable<string> Amounts(string page) => Amount().Matches(page).Select(m => m.Groups[1].Value);

    [GeneratedRegex("<td class=\"n\">([^<]+)</td>")]
    private static partial Regex Amount();

    /// <summary>The headers of the message or of a part, up to the empty line.</summary>
    [GeneratedRegex("(\\A|^--[^\r\n]*\r\n)([^\r\n]+\r\n)+", RegexOptions.Multiline)]
    private static partial Regex HeaderBlock();

    [GeneratedRegex("^[A-Za-z-]+(?=: )", RegexOptions.Multiline)]
    private static partial Regex HeaderName();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(" alt=\"[^\"]*\"")]
    private static partial Regex Alt();
}
