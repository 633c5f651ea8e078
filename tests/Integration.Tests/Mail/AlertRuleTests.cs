using System.Text;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>Consumer v4 with all rules enabled.</summary>
public sealed partial class AlertRuleTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private VirtualHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await Rabbit.HostAsync();
        await File.WriteAllTextAsync(
            _folder[".env.toml"],
            """
            [consumer]
            window = 3
            [alerts]
            threshold = "off"
            item_thresholds = ["art=500"]
            new_high = "item"
            jump_percent = 50
            bids_per_minute = 3
            stalled_below = 1
            dead_letters_per_minute = 1
            """);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_bid_has_one_mail_with_a_sentence_for_each_rule_and_dead_letters_have_one_too()
    {
        foreach (var amount in new[] { 100m, 100.5m, 100.2m, 600m })
        {
            await PlainClient.SendAsync(_host.Uri, "auction_queue_art", BidJson.Write(Some.Bid(amount, "art")));
        }

        await PlainClient.SendAsync(_host.Uri, "auction_queue_art", Encoding.UTF8.GetBytes("garbage"));
        await PlainClient.SendAsync(_host.Uri, "auction_queue_art", Encoding.UTF8.GetBytes("{}"));

        var texts = await ConsumeAsync(6);

        Assert.Equal(
            [
                "New high alert: 100.50 at {0}. Sending email alert.",
                "Stalled price alert: 100.20 at {0}. Sending email alert.",
                "High bid alert: 600.00 at {0}. Sending email alert.",
                "New high alert: 600.00 at {0}. Sending email alert.",
                "Price jump alert: 600.00 at {0}. Sending email alert.",
                "Bid rate alert: 600.00 at {0}. Sending email alert.",
            ],
            texts.Where(t => t.EndsWith("Sending email alert.", StringComparison.Ordinal)).Select(WithoutTime));
        Assert.Equal(
            [
                """
                High Bid Alert: Art - $600.00
                A high bid of $600.00 was placed on art at {0}.
                A bid of $600.00 on art at {0} is a new high, above $100.50.
                A bid of $600.00 on art at {0} is 498% above $100.35, the mean of the other bids in its window.
                There are more than 3 bids a minute on art; the last one was of $600.00 at {0}.
                """,
                "New High Alert: Art - $100.50\nA bid of $100.50 on art at {0} is a new high, above $100.00.",
                "Stalled Price Alert: Art - $100.20\nThe last bids on art differ by less than $1.00; the latest is one of $100.20 at {0}.",
            ],
            Mails().Where(m => !m.StartsWith("Dead", StringComparison.Ordinal)).Select(WithoutTime).Order(StringComparer.Ordinal));
        Assert.Matches(
            "^Dead Letter Alert: more than 1 a minute\nMore than 1 messages a minute cannot be processed. The last one, at .*, was from auction_queue_art: ",
            Assert.Single(Mails(), m => m.StartsWith("Dead", StringComparison.Ordinal)));
        Assert.Equal(
            "Counts: received 6, handled 4, dead-lettered 2, unacked 0, waiting before 0, alerts 7, mailed 7, refused 0, waiting 0, mails 4", texts[^1]);
    }

    [Fact]
    public async Task High_water_marks_survive_a_restart()
    {
        foreach (var amount in new[] { 10m, 400m, 399m, 401m })
        {
            await PlainClient.SendAsync(_host.Uri, "auction_queue_art", BidJson.Write(Some.Bid(amount, "art", timestamp: Some.Time.AddHours((double)amount))));
            await ConsumeAsync(1);
        }

        Assert.Equal(["New High Alert: Art - $400.00", "New High Alert: Art - $401.00"], Mails().Select(m => m.Split('\n')[0]).Order(StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<string>> ConsumeAsync(int count)
    {
        await using var consumer = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri, "--items", "art", "--count", $"{count}");
        Assert.Equal(0, await consumer.EndAsync());
        return consumer.Texts;
    }

    /// <summary>Subject and plain text of each mail.</summary>
    private IEnumerable<string> Mails() => Directory.GetFiles(_folder["outbox"], "*.eml").Select(file =>
    {
        var mail = File.ReadAllText(file);
        var text = mail.Split("Content-Type: text/plain")[1].Split("\r\n\r\n", 2)[1].Split("\r\n--")[0].Replace("\r\n", "\n", StringComparison.Ordinal);
        return $"{Subject().Match(mail).Value}\n{text}";
    });

    private static string WithoutTime(string text) => text.Replace(Bid.Format(Some.Time), "{0}", StringComparison.Ordinal);

    [GeneratedRegex("(?<=^Subject: )[^\r]*", RegexOptions.Multiline)]
    private static partial Regex Subject();
}
