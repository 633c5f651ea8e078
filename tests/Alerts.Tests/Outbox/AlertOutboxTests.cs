using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Alerts.Tests.Mail;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Outbox;

public sealed partial class AlertOutboxTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly FakeTimeProvider _clock = new(Some.Time);
    private readonly Counts _counts = new();

    private string Path => _temp["data/alerts.db"];

    /// <summary>The alerts that were new, in all outboxes that were opened.</summary>
    private long NewAlerts => _counts.Appended.Where(c => c.Name == "alerts").Sum(c => c.Value);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task An_alert_that_is_added_again_is_stored_once()
    {
        await using (var outbox = await OpenAsync())
        {
            await AddAsync(outbox, "m-1", "m-2", "m-1");
            await AddAsync(outbox, "m-2");
        }

        await using var again = await OpenAsync();
        await AddAsync(again, "m-1");

        Assert.Equal((2, 2), (await again.CountWaitingAsync(default), NewAlerts));
    }

    [Fact]
    public async Task Committed_alerts_survive_a_process_that_never_closed_the_file()
    {
        var killed = await OpenAsync();
        await AddAsync(killed, "m-1");
        killed.Add(AlertOf("m-2"));

        await using var next = await OpenAsync();

        Assert.Equal(1, await next.CountWaitingAsync(default));
        await killed.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_waits_until_it_is_marked_and_then_the_next_one_follows()
    {
        await using var outbox = await OpenAsync();
        await AddAsync(outbox, "m-1", "m-2");

        var first = (await outbox.AdvanceAsync(null, default)).Mail;
        Assert.Equal(["m-1"], Ids(first));
        var second = (await outbox.AdvanceAsync(first, default)).Mail;
        Assert.Equal(["m-2"], Ids(second));
        await outbox.MarkRefusedAsync(second!, "no such mailbox", default);

        Assert.Null((await outbox.AdvanceAsync(null, default)).Mail);
        Assert.Equal(0, await outbox.CountWaitingAsync(default));
    }

    [Fact]
    public async Task A_postponed_mail_comes_after_the_others_and_counts_its_attempts()
    {
        await using var outbox = await OpenAsync();
        await AddAsync(outbox, "m-1", "m-2");
        var later = _clock.GetUtcNow().AddSeconds(10);

        await outbox.PostponeAsync((await outbox.AdvanceAsync(null, default)).Mail!, later, "busy", default);
        await outbox.AdvanceAsync((await outbox.AdvanceAsync(null, default)).Mail!, default);
        Assert.Null((await outbox.AdvanceAsync(null, default)).Mail);
        Assert.Equal(later, (await outbox.AdvanceAsync(null, default)).Due);
        _clock.Advance(TimeSpan.FromSeconds(10));

        var back = (await outbox.AdvanceAsync(null, default)).Mail;
        Assert.Equal(["m-1"], Ids(back));
        Assert.Equal(1, back!.Attempts);
    }

    [Fact]
    public async Task Alerts_of_an_auction_share_a_mail_and_the_repeat_interval_survives_a_restart()
    {
        var byAuction = Dispatch with { GroupBy = GroupBy.Auction, GroupWait = TimeSpan.FromSeconds(5), RepeatInterval = TimeSpan.FromSeconds(60) };
        await using (var outbox = await OpenAsync(byAuction))
        {
            await AddAsync(outbox, "one/1", "two/1", "one/2");
            Assert.Equal(_clock.GetUtcNow().AddSeconds(5), (await outbox.AdvanceAsync(null, default)).Due);
            Assert.Equal([("auction one", 2), ("auction two", 1)], (await outbox.CountPendingAsync(default)).Select(g => (g.Name, g.Count)));
            _clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(["one/1", "one/2"], Ids(await SendNextAsync(outbox)));
            Assert.Equal(["two/1"], Ids(await SendNextAsync(outbox)));
        }

        await using var again = await OpenAsync(byAuction);
        await AddAsync(again, "one/3");
        Assert.Equal(_clock.GetUtcNow().AddSeconds(60), (await again.AdvanceAsync(null, default)).Due);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(["one/3"], Ids(await SendNextAsync(again)));
    }

    [Fact]
    public async Task Alerts_beyond_the_hourly_limit_are_in_one_digest()
    {
        await using var outbox = await OpenAsync(Dispatch with { MailsPerHour = 2, DigestInterval = TimeSpan.FromSeconds(30) });
        await AddAsync(outbox, "1", "2", "3", "4", "5");

        Assert.Equal(["1"], Ids(await SendNextAsync(outbox)));
        Assert.Equal(["2"], Ids(await SendNextAsync(outbox)));
        Assert.Equal((null, _clock.GetUtcNow().AddSeconds(30)), await outbox.AdvanceAsync(null, default));
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(["3", "4", "5"], Ids(await SendNextAsync(outbox)));
        Assert.Equal(0, await outbox.CountWaitingAsync(default));
    }

    [Fact]
    public async Task New_alerts_complete_the_task_of_those_who_wait()
    {
        await using var outbox = await OpenAsync();
        var changed = outbox.AlertsAdded;
        Assert.False(changed.IsCompleted);

        await AddAsync(outbox, "m-1");

        await changed.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(outbox.AlertsAdded.IsCompleted);
    }

    [Fact]
    public async Task An_alert_is_read_as_it_was_added()
    {
        var time = _clock.GetUtcNow();
        Alert[] alerts =
        [
            AlertOf("m-1"), AlertOf("m-1") with { Kind = AlertKind.NewHigh, Baseline = 0.1234567890123456789m },
            new Alert("m-1", AlertKind.DeadLetter, time, 10m) { Reason = "auction_queue_art: no bid" },
        ];
        await using var outbox = await OpenAsync(Dispatch with { MailsPerHour = 1, DigestInterval = TimeSpan.Zero });
        outbox.Add(AlertOf("first"));
        await outbox.CommitAsync(default);
        outbox.Add(alerts);
        await outbox.CommitAsync(default);
        await SendNextAsync(outbox);

        var digest = (await outbox.AdvanceAsync(null, default)).Mail;

        Assert.Equal(alerts.Select(a => a with { Window = [] }), digest!.Alerts.Select(a => a with { Window = [] }));
        Assert.Equal(alerts.Select(a => a.Window.ToArray()), digest.Alerts.Select(a => a.Window.ToArray()));
        Assert.Equal(3, digest.AlertCount);
    }

    [Fact]
    public async Task An_alert_about_an_auction_is_stored_at_once_and_read_as_it_was_though_it_comes_again()
    {
        Alert[] alerts = [AuctionAlertEmailTests.Sold("17", 931.43m, opening: 400), AuctionAlertEmailTests.Unsold("18", 300m, opening: 400)];
        await using var outbox = await OpenAsync();
        outbox.Add(AlertOf("m-1")); // for the next commit
        var added = outbox.AlertsAdded;

        await outbox.StoreAsync(alerts, default);
        await outbox.StoreAsync([alerts[1], alerts[0]], default);

        Assert.True(added.IsCompleted);
        Assert.Equal((2, 2), (await outbox.CountWaitingAsync(default), NewAlerts));
        Assert.Equal(["auction 17", "auction 18"], (await outbox.CountPendingAsync(default)).Select(group => group.Name));
        foreach (var alert in alerts)
        {
            var read = Assert.Single((await SendNextAsync(outbox))!.Alerts);
            Assert.Equal(alert with { Window = [] }, read with { Window = [] });
            Assert.Equal(alert.Window.ToArray(), read.Window.ToArray());
        }
    }

    [Theory]
    [InlineData(GroupBy.Bid, "auction 17", "auction 18", "bid m-1")]
    [InlineData(GroupBy.Auction, "auction 17", "auction 18", null)]
    [InlineData(GroupBy.Item, "item art", null, null)]
    public async Task An_alert_about_an_auction_is_in_the_group_of_its_auction_or_item(GroupBy groupBy, params string?[] groups)
    {
        await using var outbox = await OpenAsync(Dispatch with { GroupBy = groupBy, GroupWait = TimeSpan.FromHours(1) });
        await outbox.StoreAsync(
            [
                AuctionAlertEmailTests.Sold("17", 931.43m), AuctionAlertEmailTests.Unsold("18", 300m, opening: 400),
                Alert.ForBid("m-1", AlertKind.HighBid, Some.Bid(900m, "art", auctionId: "17"), 800m),
            ], default);

        Assert.Equal(groups.OfType<string>(), (await outbox.CountPendingAsync(default)).Select(group => group.Name).Order());
    }

    [Fact]
    public async Task Alerts_of_one_bid_share_a_mail()
    {
        await using var outbox = await OpenAsync();
        outbox.Add(AlertOf("m-1"), AlertOf("m-1") with { Kind = AlertKind.NewHigh }, AlertOf("m-2"));
        await outbox.CommitAsync(default);

        Assert.Equal(["m-1", "m-1"], Ids(await SendNextAsync(outbox)));
        Assert.Equal(["m-2"], Ids(await SendNextAsync(outbox)));
    }

    [Fact]
    public async Task A_large_digest_counts_all_alerts_and_lists_those_with_the_highest_bids()
    {
        await using var outbox = await OpenAsync(Dispatch with { GroupBy = GroupBy.Item });
        outbox.Add(Enumerable.Range(1, 2500).Select(i => Alert.ForBid($"m-{i}", AlertKind.HighBid, Some.Bid(i), 0m)));
        await outbox.CommitAsync(default);

        var mail = await SendNextAsync(outbox);

        Assert.Equal(2500, mail!.AlertCount);
        Assert.Equal(Enumerable.Range(1501, 1000).Select(i => $"m-{i}"), Ids(mail));
        Assert.Equal(0, await outbox.CountWaitingAsync(default));
    }

    private static DispatchSettings Dispatch => new(GroupBy.Bid, TimeSpan.Zero, TimeSpan.Zero, null, TimeSpan.FromMinutes(10), null);

    private static IEnumerable<string>? Ids(OutboxMail? mail) => mail?.Alerts.Select(a => a.MessageId);

    private static Alert AlertOf(string id) =>
        Alert.ForBid(id, AlertKind.HighBid, Some.Bid() with { AuctionId = id.Split('/')[0] }, 200m) with { Window = [WindowEntry.From(Some.Bid(1m)), WindowEntry.From(Some.Bid())] };

    private static async Task<OutboxMail?> SendNextAsync(AlertOutbox outbox)
    {
        var mail = (await outbox.AdvanceAsync(null, default)).Mail;
        await outbox.AdvanceAsync(mail!, default);
        return mail;
    }

    /// <summary>Adds alerts in one commit. What is before a slash in an id is its auction.</summary>
    private static async Task AddAsync(AlertOutbox outbox, params string[] ids)
    {
        foreach (var id in ids)
        {
            outbox.Add(AlertOf(id));
        }

        await outbox.CommitAsync(default);
    }

    private Task<AlertOutbox> OpenAsync(DispatchSettings? dispatch = null) =>
        AlertOutbox.OpenAsync(new AlertSettings(new RuleSettings(800, new Dictionary<string, decimal>()), "outbox", Path, dispatch ?? Dispatch), _counts, _clock, default);
}
