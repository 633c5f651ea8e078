using AuctionTracker.Core.Alerts;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Storage.Alerts;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Storage.Tests.Alerts;

public sealed class AlertOutboxTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly TestClock _clock = new();
    private readonly Counts _counts = new();

    private string Path => _temp["data/alerts.db"];

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

        Assert.Equal((2, 2), (await again.WaitingAsync(default), _counts.Alerts.Value));
    }

    [Fact]
    public async Task What_was_committed_outlives_a_process_that_never_closed_the_file()
    {
        var killed = await OpenAsync();
        await AddAsync(killed, "m-1");
        killed.Add(new Alert("m-2", Some.Bid()));

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
    public async Task What_was_sent_is_remembered_for_ninety_days()
    {
        await using (var outbox = await OpenAsync())
        {
            await AddAsync(outbox, "m-1");
            await outbox.MakeMailsAsync(default);
            await SendNextAsync(outbox);
        }

        foreach (var (days, count) in new[] { (90, 1), (1, 2) })
        {
            _clock.Advance(TimeSpan.FromDays(days));
            await using var later = await OpenAsync();
            await AddAsync(later, "m-1");
            Assert.Equal(count, _counts.Alerts.Value);
        }
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
    public async Task Two_programs_may_open_a_new_file_at_the_same_time_and_add_to_it()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync())));

        await Task.WhenAll(opened.Select((outbox, i) => Task.Run(() => AddAsync(outbox, $"m-{i}", "shared"))));

        Assert.Equal(9, await opened[0].WaitingAsync(default));
        Assert.Equal(9, _counts.Alerts.Value);
        foreach (var outbox in opened)
        {
            await outbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_file_of_a_newer_version_or_no_database_is_refused_in_a_sentence()
    {
        await (await OpenAsync()).DisposeAsync();
        await using (var newer = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await newer.OpenAsync();
            using var command = newer.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync();
        }

        var e = await Assert.ThrowsAsync<ProgramException>(() => OpenAsync());
        Assert.StartsWith($"{Path} was written by a newer Auction Tracker (form 99;", e.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path, new string('x', 5000));
        e = await Assert.ThrowsAsync<ProgramException>(() => OpenAsync());
        Assert.StartsWith($"{Path} can't be read or written: ", e.Message, StringComparison.Ordinal);
    }

    private static DispatchSettings Dispatch => new(GroupBy.Bid, TimeSpan.Zero, TimeSpan.Zero, null, TimeSpan.FromMinutes(10), null);

    private static IEnumerable<string>? Ids(OutboxMail? mail) => mail?.Alerts.Select(a => a.MessageId);

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
            outbox.Add(new Alert(id, Some.Bid() with { AuctionId = id.Split('/')[0] }));
        }

        await outbox.CommitAsync(default);
    }

    private Task<AlertOutbox> OpenAsync(DispatchSettings? dispatch = null) =>
        AlertOutbox.OpenAsync(new AlertSettings(800, "outbox", Path, dispatch ?? Dispatch), _counts, _clock, default);
}
