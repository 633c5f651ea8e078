using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Outbox;

/// <summary>What is about the file: restarts, its versions, more than one program.</summary>
public sealed partial class AlertOutboxTests
{
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
            Assert.Equal(count, NewAlerts);
        }
    }

    [Fact]
    public async Task Two_programs_may_open_a_new_file_at_the_same_time_and_add_to_it()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync())));

        await Task.WhenAll(opened.Select((outbox, i) => Task.Run(() => AddAsync(outbox, $"m-{i}", "shared"))));

        Assert.Equal(9, await opened[0].WaitingAsync(default));
        Assert.Equal(9, NewAlerts);
        foreach (var outbox in opened)
        {
            await outbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_highest_amounts_are_kept_with_the_alerts_for_ninety_days()
    {
        await using (var outbox = await OpenAsync())
        {
            outbox.Highs.Raise("auction 1", 100.10m);
            await outbox.CommitAsync(default);
            outbox.Highs.Raise("auction 1", 200m); // not committed: its bid was not acked, and comes again
        }

        await using (var next = await OpenAsync())
        {
            Assert.Equal(100.10m, next.Highs.Raise("auction 1", 150m));
        }

        _clock.Advance(TimeSpan.FromDays(91));
        await using var later = await OpenAsync();
        Assert.Null(later.Highs.Raise("auction 1", 300m));
    }

    [Fact]
    public async Task A_highest_amount_is_not_lowered_by_another_program_that_saw_less()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        one.Highs.Raise("auction 1", 1000m);
        await one.CommitAsync(default);
        other.Highs.Raise("auction 1", 900.5m);
        await other.CommitAsync(default);

        await using var next = await OpenAsync();

        Assert.Null(next.Highs.Raise("auction 1", 950m));
        Assert.Equal(1000m, next.Highs.Raise("auction 1", 1000.01m));
    }

    [Fact]
    public async Task What_would_go_into_a_file_that_was_deleted_is_not_taken_for_kept()
    {
        await using var outbox = await OpenAsync();
        await AddAsync(outbox, "m-1");
        File.Delete(Path);

        var e = await Assert.ThrowsAsync<IOException>(() => AddAsync(outbox, "m-2"));

        Assert.Equal($"{Path} is gone. Put it back, or start again without it.", e.Message);
    }

    [Fact]
    public async Task A_damaged_highest_amount_begins_anew()
    {
        await using (var outbox = await OpenAsync())
        {
            outbox.Highs.Raise("auction 1", 100m);
            outbox.Highs.Raise("auction 2", 200m);
            await outbox.CommitAsync(default);
        }

        await using (var damage = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await damage.OpenAsync();
            using var command = damage.CreateCommand();
            command.CommandText = "UPDATE highs SET amount = 'abc' WHERE name = 'auction 1'";
            await command.ExecuteNonQueryAsync();
        }

        await using var next = await OpenAsync();
        Assert.Equal((null, 200m), (next.Highs.Raise("auction 1", 1m), next.Highs.Raise("auction 2", 201m)));
    }

    [Fact]
    public async Task A_file_of_the_first_version_keeps_its_alerts()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await using (var old = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await old.OpenAsync();
            using var command = old.CreateCommand();
            var bid = System.Text.Encoding.UTF8.GetString(BidJson.Write(Some.Bid(931.43m, "art")));
            command.CommandText = $"""
                {AlertSchema.Versions[0]}
                INSERT INTO mails (id, is_digest, made, next, sent) VALUES (1, 0, 0, 0, {SqliteFile.Microseconds(_clock.GetUtcNow())}), (2, 0, 0, 0, NULL);
                INSERT INTO alerts (message_id, name, bid, added, mail) VALUES
                    ('sent', 'bid sent', '{bid}', 0, 1), ('waits', 'bid waits', '{bid}', 0, 2), ('open', 'bid open', '{bid}', 0, NULL);
                PRAGMA user_version = 1
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using var outbox = await OpenAsync();
        outbox.Add(AlertOf("sent"), AlertOf("open"));
        await outbox.CommitAsync(default);
        await outbox.MakeMailsAsync(default);

        Assert.Equal(0, NewAlerts);
        Assert.Equal(Some.Bid(931.43m, "art"), (await SendNextAsync(outbox))!.Alerts[0].Bid);
        Assert.Equal(["open"], Ids(await SendNextAsync(outbox)));
        Assert.Null(await outbox.NextAsync(default));
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
        Assert.StartsWith($"{Path} was written by a newer Auction Tracker (schema 99;", e.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path, new string('x', 5000));
        e = await Assert.ThrowsAsync<ProgramException>(() => OpenAsync());
        Assert.StartsWith($"{Path} can't be read or written: ", e.Message, StringComparison.Ordinal);
    }
}
