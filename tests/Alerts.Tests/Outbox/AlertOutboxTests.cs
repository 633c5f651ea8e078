using AuctionTracker.Alerts.Outbox;
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
    public async Task An_alert_is_there_once_however_often_it_is_added()
    {
        await using (var outbox = await OpenAsync())
        {
            await AddAsync(outbox, "m-1", "m-2", "m-1");
            await AddAsync(outbox, "m-2");
        }

        await using var again = await OpenAsync();
        await AddAsync(again, "m-1");

        Assert.Equal((2, 2), (await again.WaitingAsync(default), NewAlerts));
    }

    [Fact]
    public async Task What_was_committed_outlives_a_process_that_never_closed_the_file()
    {
        var killed = await OpenAsync();
        await AddAsync(killed, "m-1");
        killed.Add(AlertOf("m-2"));

        await using var next = await OpenAsync();

        Assert.Equal(1, await next.WaitingAsync(default));
        await killed.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_waits_until_it_is_marked_and_the_one_after_it_has_its_turn()
    {
        await using var outbox = await OpenAsync();
        await AddAsync(outbox, "m-1", "m-2");
        await outbox.MakeMailsAsync(default);

        var first = await outbox.NextAsync(default);
        Assert.Equal(["m-1"], Ids(first));
        await outbox.MarkSentAsync(first!, default);
        var second = await outbox.NextAsync(default);
        Assert.Equal(["m-2"], Ids(second));
        await outbox.MarkRefusedAsync(second!, "no such mailbox", default);

        Assert.Null(await outbox.NextAsync(default));
        Assert.Equal(0, await outbox.WaitingAsync(default));
    }

    [Fact]
    public async Task A_postponed_mail_lets_others_pass_and_comes_back_with_its_attempts()
    {
        await using var outbox = await OpenAsync();
        await AddAsync(outbox, "m-1", "m-2");
        await outbox.MakeMailsAsync(default);
        var later = _clock.GetUtcNow().AddSeconds(10);

        await outbox.PostponeAsync((await outbox.NextAsync(default))!, later, "busy", default);
        await outbox.MarkSentAsync((await outbox.NextAsync(default))!, default);
        Assert.Null(await outbox.NextAsync(default));
        Assert.Equal(later, await outbox.NextDueAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(10));

        var back = await outbox.NextAsync(default);
        Assert.Equal(["m-1"], Ids(back));
        Assert.Equal(1, back!.Attempts);
    }

    [Fact]
    public async Task Alerts_of_an_auction_share_a_mail_and_the_next_mail_keeps_its_distance_after_a_restart_too()
    {
        var byAuction = Dispatch with { GroupBy = GroupBy.Auction, GroupWait = TimeSpan.FromSeconds(5), RepeatInterval = TimeSpan.FromSeconds(60) };
        await using (var outbox = await OpenAsync(byAuction))
        {
            await AddAsync(outbox, "one/1", "two/1", "one/2");
            Assert.Equal(_clock.GetUtcNow().AddSeconds(5), await outbox.MakeMailsAsync(default));
            Assert.Equal([("auction one", 2), ("auction two", 1)], (await outbox.ListOpenAsync(default)).Select(g => (g.Name, g.Count)));
            _clock.Advance(TimeSpan.FromSeconds(5));
            Assert.Null(await outbox.MakeMailsAsync(default));
            Assert.Equal(["one/1", "one/2"], Ids(await SendNextAsync(outbox)));
            Assert.Equal(["two/1"], Ids(await SendNextAsync(outbox)));
        }

        await using var again = await OpenAsync(byAuction);
        await AddAsync(again, "one/3");
        Assert.Equal(_clock.GetUtcNow().AddSeconds(60), await again.MakeMailsAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await again.MakeMailsAsync(default);
        Assert.Equal(["one/3"], Ids(await SendNextAsync(again)));
    }

    [Fact]
    public async Task What_is_too_much_for_the_hour_is_one_digest_that_names_it_all()
    {
        await using var outbox = await OpenAsync(Dispatch with { MailsPerHour = 2, DigestInterval = TimeSpan.FromSeconds(30) });
        await AddAsync(outbox, "1", "2", "3", "4", "5");

        Assert.Equal(_clock.GetUtcNow().AddSeconds(30), await outbox.MakeMailsAsync(default));
        Assert.Equal(["1"], Ids(await SendNextAsync(outbox)));
        Assert.Equal(["2"], Ids(await SendNextAsync(outbox)));
        Assert.Null(await outbox.NextAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await outbox.MakeMailsAsync(default);

        Assert.Equal(["3", "4", "5"], Ids(await SendNextAsync(outbox)));
        Assert.Equal(0, await outbox.WaitingAsync(default));
    }

    [Fact]
    public async Task Whoever_waits_for_new_alerts_is_woken()
    {
        await using var outbox = await OpenAsync();
        var changed = outbox.Changed;
        Assert.False(changed.IsCompleted);

        await AddAsync(outbox, "m-1");

        await changed.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(outbox.Changed.IsCompleted);
    }

    [Fact]
    public async Task An_alert_comes_back_as_it_was_added()
    {
        var time = _clock.GetUtcNow();
        Alert[] alerts =
        [
            AlertOf("m-1"), AlertOf("m-1") with { Kind = AlertKind.NewHigh, Figure = 0.1234567890123456789m },
            new Alert("m-1", AlertKind.DeadLetter, time, 10m) { Reason = "auction_queue_art: no bid" },
        ];
        await using var outbox = await OpenAsync(Dispatch with { MailsPerHour = 1, DigestInterval = TimeSpan.Zero });
        outbox.Add(AlertOf("first"));
        await outbox.CommitAsync(default);
        outbox.Add(alerts);
        await outbox.CommitAsync(default);
        await outbox.MakeMailsAsync(default);
        await SendNextAsync(outbox);

        var digest = await outbox.NextAsync(default);

        Assert.Equal(alerts.Select(a => a with { Window = [] }), digest!.Alerts.Select(a => a with { Window = [] }));
        Assert.Equal(alerts.Select(a => a.Window.ToArray()), digest.Alerts.Select(a => a.Window.ToArray()));
        Assert.Equal(3, digest.Count);
    }

    [Fact]
    public async Task Alerts_of_one_bid_share_a_mail()
    {
        await using var outbox = await OpenAsync();
        outbox.Add(AlertOf("m-1"), AlertOf("m-1") with { Kind = AlertKind.NewHigh }, AlertOf("m-2"));
        await outbox.CommitAsync(default);
        await outbox.MakeMailsAsync(default);

        Assert.Equal(["m-1", "m-1"], Ids(await SendNextAsync(outbox)));
        Assert.Equal(["m-2"], Ids(await SendNextAsync(outbox)));
    }

    [Fact]
    public async Task A_digest_of_very_many_counts_all_and_names_those_with_the_highest_bids()
    {
        await using var outbox = await OpenAsync(Dispatch with { GroupBy = GroupBy.Item });
        outbox.Add(Enumerable.Range(1, 2500).Select(i => Alert.Of($"m-{i}", AlertKind.HighBid, Some.Bid(i), 0m)));
        await outbox.CommitAsync(default);
        await outbox.MakeMailsAsync(default);

        var mail = await SendNextAsync(outbox);

        Assert.Equal(2500, mail!.Count);
        Assert.Equal(Enumerable.Range(1501, 1000).Select(i => $"m-{i}"), Ids(mail));
        Assert.Equal(0, await outbox.WaitingAsync(default));
    }

    private static DispatchSettings Dispatch => new(GroupBy.Bid, TimeSpan.Zero, TimeSpan.Zero, null, TimeSpan.FromMinutes(10), null);

    private static IEnumerable<string>? Ids(OutboxMail? mail) => mail?.Alerts.Select(a => a.MessageId);

    private static Alert AlertOf(string id) =>
        Alert.Of(id, AlertKind.HighBid, Some.Bid() with { AuctionId = id.Split('/')[0] }, 200m) with { Window = [WindowEntry.Of(Some.Bid(1m)), WindowEntry.Of(Some.Bid())] };

    private static async Task<OutboxMail?> SendNextAsync(AlertOutbox outbox)
    {
        var mail = await outbox.NextAsync(default);
        await outbox.MarkSentAsync(mail!, default);
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
