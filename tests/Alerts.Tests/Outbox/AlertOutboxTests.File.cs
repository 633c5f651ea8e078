using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Alerts.Tests.Mail;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Outbox;

/// <summary>Restarts, schema versions, and several programs with one file.</summary>
public sealed partial class AlertOutboxTests
{
    [Fact]
    public async Task Sent_alerts_are_kept_for_ninety_days()
    {
        await using (var outbox = await OpenAsync())
        {
            await AddAsync(outbox, "m-1");
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

        Assert.Equal(9, await opened[0].CountWaitingAsync(default));
        Assert.Equal(9, NewAlerts);
        foreach (var outbox in opened)
        {
            await outbox.DisposeAsync();
        }
    }

    [Fact]
    public async Task High_water_marks_are_stored_with_the_alerts_for_ninety_days()
    {
        await using (var outbox = await OpenAsync())
        {
            outbox.HighWaterMarks.Raise("auction 1", 100.10m);
            await outbox.CommitAsync(default);
            outbox.HighWaterMarks.Raise("auction 1", 200m); // not committed: its bid was not acked, and comes again
        }

        await using (var next = await OpenAsync())
        {
            Assert.Equal(100.10m, next.HighWaterMarks.Raise("auction 1", 150m));
        }

        _clock.Advance(TimeSpan.FromDays(91));
        await using var later = await OpenAsync();
        Assert.Null(later.HighWaterMarks.Raise("auction 1", 300m));
    }

    [Fact]
    public async Task A_high_water_mark_is_not_lowered_by_another_program()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        one.HighWaterMarks.Raise("auction 1", 1000m);
        await one.CommitAsync(default);
        other.HighWaterMarks.Raise("auction 1", 900.5m);
        await other.CommitAsync(default);

        await using var next = await OpenAsync();

        Assert.Null(next.HighWaterMarks.Raise("auction 1", 950m));
        Assert.Equal(1000m, next.HighWaterMarks.Raise("auction 1", 1000.01m));
    }

    [Fact]
    public async Task A_commit_to_a_deleted_file_fails()
    {
        await using var outbox = await OpenAsync();
        await AddAsync(outbox, "m-1");
        File.Delete(Path);

        var e = await Assert.ThrowsAsync<IOException>(() => AddAsync(outbox, "m-2"));

        Assert.Equal($"{Path} was deleted. Restore it, or restart the program to create a new one.", e.Message);
    }

    [Fact]
    public async Task The_next_commit_stores_what_a_failed_one_could_not()
    {
        await using (var outbox = await OpenAsync())
        {
            await AddAsync(outbox, "m-1");
            outbox.HighWaterMarks.Raise("auction 1", 100m);
            File.Move(Path, Path + ".away");
            await Assert.ThrowsAsync<IOException>(() => AddAsync(outbox, "m-2"));
            File.Move(Path + ".away", Path);
            outbox.HighWaterMarks.Raise("auction 2", 200m);
            await outbox.CommitAsync(default);
        }

        await using var next = await OpenAsync();

        Assert.Equal((100m, 200m), (next.HighWaterMarks.Raise("auction 1", 101m), next.HighWaterMarks.Raise("auction 2", 201m)));
        Assert.Equal(2, await next.CountWaitingAsync(default));
    }

    [Fact]
    public async Task A_damaged_high_water_mark_is_ignored()
    {
        await using (var outbox = await OpenAsync())
        {
            outbox.HighWaterMarks.Raise("auction 1", 100m);
            outbox.HighWaterMarks.Raise("auction 2", 200m);
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
        Assert.Equal((null, 200m), (next.HighWaterMarks.Raise("auction 1", 1m), next.HighWaterMarks.Raise("auction 2", 201m)));
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
                INSERT INTO mails (id, is_digest, made, next, sent) VALUES (1, 0, 0, 0, {SqliteFile.ToMicroseconds(_clock.GetUtcNow())}), (2, 0, 0, 0, NULL);
                INSERT INTO alerts (message_id, name, bid, added, mail) VALUES
                    ('sent', 'bid sent', '{bid}', 0, 1), ('waits', 'bid waits', '{bid}', 0, 2), ('open', 'bid open', '{bid}', 0, NULL);
                PRAGMA user_version = 1
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using var outbox = await OpenAsync();
        outbox.Add(AlertOf("sent"), AlertOf("open"));
        await outbox.CommitAsync(default);

        Assert.Equal(0, NewAlerts);
        Assert.Equal(Some.Bid(931.43m, "art"), (await SendNextAsync(outbox))!.Alerts[0].Bid);
        Assert.Equal(["open"], Ids(await SendNextAsync(outbox)));
        Assert.Null((await outbox.AdvanceAsync(null, default)).Mail);
    }

    [Fact]
    public async Task A_file_from_before_alerts_about_auctions_keeps_its_alerts_and_takes_them()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await using (var old = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await old.OpenAsync();
            using var command = old.CreateCommand();
            var bid = System.Text.Encoding.UTF8.GetString(BidJson.Write(Some.Bid(931.43m, "art")));
            command.CommandText = $"""
                {AlertSchema.Versions[0]}
                {AlertSchema.Versions[1]}
                INSERT INTO alerts (message_id, kind, figure, name, time, bid, entries, added) VALUES ('open', 'HighBid', '800', 'bid open', 0, '{bid}', '[]', 0);
                PRAGMA user_version = 2
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using var outbox = await OpenAsync();
        await outbox.StoreAsync([AuctionAlertEmailTests.Sold("17", 931.43m)], default);

        Assert.Equal(Alert.ForBid("open", AlertKind.HighBid, Some.Bid(931.43m, "art"), 800m) with { Window = [] }, (await SendNextAsync(outbox))!.Alerts[0] with { Window = [] });
        Assert.Equal(new AuctionTotals(3, 2), (await SendNextAsync(outbox))!.Alerts[0].Auction);
    }

    [Fact]
    public async Task A_newer_schema_or_a_file_that_is_not_a_database_is_refused_with_the_reason()
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
