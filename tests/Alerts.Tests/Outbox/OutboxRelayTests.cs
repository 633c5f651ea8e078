using System.Collections;
using System.Collections.Concurrent;
using System.CommandLine;
using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Outbox;

/// <summary>The relay alone, without a mail server: alerts become files, and the errors are of a kind that nobody thought of.</summary>
public sealed class OutboxRelayTests : IDisposable
{
    private static readonly TimeSpan Slowest = TimeSpan.FromMinutes(1.25);

    private readonly TempFolder _temp = new();
    private readonly FakeTimeProvider _clock = new(Some.Time);
    private readonly Errors _errors = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_moment_beyond_all_calendars_in_the_file_is_said_and_when_it_is_gone_no_alert_is_lost() =>
        await AssertRecoversAsync<ArgumentOutOfRangeException>(
            () => DoAsync("INSERT INTO mails (is_digest, made, next, sent) VALUES (0, 400000000000000000, 0, 0)"),
            () => DoAsync("DELETE FROM mails WHERE made = 400000000000000000"));

    [Fact]
    public async Task A_lock_that_may_not_be_opened_is_said_and_when_it_may_no_alert_is_lost()
    {
        var file = _temp["alerts.db.sender"];
        await AssertRecoversAsync<UnauthorizedAccessException>(
            () => Task.FromResult(Directory.CreateDirectory(file)),
            () =>
            {
                Directory.Delete(file);
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task An_error_that_stays_is_said_once_for_each_pause()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        Directory.CreateDirectory(_temp["alerts.db.sender"]);
        var seconds = 0;

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the error is said for the third time", () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(5));
                seconds += 5;
                return _errors.Kept.Count == 3;
            });
        }

        Assert.InRange(seconds, 45 + 90, int.MaxValue); // a minute and two, less a quarter
    }

    [Fact]
    public async Task A_damaged_alert_among_others_of_its_mail_is_said_and_the_others_go_out()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        outbox.Add(
            Alert.Of("m-1", AlertKind.HighBid, Some.Bid(900m), 800m),
            Alert.Of("m-1", AlertKind.NewHigh, Some.Bid(900m), 850m));
        await outbox.CommitAsync(default);
        await DoAsync("UPDATE alerts SET figure = '' WHERE kind = 'NewHigh'");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the mail goes out", () => outbox.Counts.Mails.Value == 1);
        }

        Assert.Null(Assert.Single(_errors.Kept)); // said in a sentence, without a trace
        Assert.Equal((2, 0), (outbox.Counts.Mailed.Value, outbox.Counts.Refused.Value));
        Assert.Equal(0, await outbox.WaitingAsync(default));
    }

    [Theory]
    [InlineData("bid = '{'")]
    [InlineData("kind = 'Nothing'")]
    [InlineData("figure = '99999999999999999999999999999999'")]
    [InlineData("entries = ''")]
    public async Task A_damaged_alert_is_kept_as_refused_with_the_reason_and_the_next_one_goes_out(string damage)
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        await AddAsync(outbox, "m-1");
        await AddAsync(outbox, "m-2");
        await DoAsync($"UPDATE alerts SET {damage} WHERE message_id = 'm-1'");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the whole alert goes out", () => outbox.Counts.Mailed.Value == 1);
        }

        var refused = Assert.Single(await outbox.ListAsync(0, default));
        Assert.True(refused.IsRefused);
        Assert.StartsWith($"An alert in {outbox.Path} is damaged: ", refused.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (outbox.Counts.Refused.Value, await outbox.WaitingAsync(default)));
    }

    [Fact]
    public async Task A_mail_that_fails_in_a_way_nobody_thought_of_lets_the_others_pass_and_is_not_lost()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        await AddAsync(outbox, "m-1");
        await AddAsync(outbox, "m-2");
        await DoAsync("UPDATE alerts SET entries = '[null]' WHERE message_id = 'm-1'");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the error is said", () => _errors.Kept.Any(e => e is NullReferenceException));
            _clock.Advance(Slowest);
            await Eventually.TrueAsync("the other alert goes out", () => outbox.Counts.Mailed.Value == 1);
            await DoAsync("UPDATE alerts SET entries = '[]' WHERE message_id = 'm-1'");
            await Eventually.TrueAsync("the first one goes out, too", () =>
            {
                _clock.Advance(Slowest);
                return outbox.Counts.Mailed.Value == 2;
            });
        }

        Assert.Equal((0, 0), (outbox.Counts.Refused.Value, await outbox.WaitingAsync(default)));
    }

    [Fact]
    public async Task After_a_long_outage_a_trouble_of_another_kind_is_tried_again_within_its_shortest_pause()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        var inTheWay = _temp.Write("outbox", "no folder");
        await AddAsync(outbox, "m-1");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("eight tries failed", () =>
            {
                _clock.Advance(TimeSpan.FromMinutes(7));
                return _errors.Warnings >= 8;
            });
            await DoAsync("INSERT INTO mails (is_digest, made, next, sent) VALUES (0, 400000000000000000, 0, 0)");
            await Eventually.TrueAsync("the error is said", () =>
            {
                _clock.Advance(_errors.Kept.IsEmpty ? TimeSpan.FromMinutes(7) : TimeSpan.Zero);
                return !_errors.Kept.IsEmpty;
            });
            await DoAsync("DELETE FROM mails WHERE made = 400000000000000000");
            File.Delete(inTheWay);
            var minutes = 30; // less than the longest pause, an hour less a quarter
            await Eventually.TrueAsync("the alert goes out", () =>
            {
                _clock.Advance(TimeSpan.FromMinutes(minutes-- > 0 ? 1 : 0));
                return outbox.Counts.Mailed.Value == 1;
            });
        }
    }

    /// <summary>Asserts that an error is said at once, holds up nobody who adds alerts, and is tried again.</summary>
    private async Task AssertRecoversAsync<T>(Func<Task> breakIt, Func<Task> mendIt)
        where T : Exception
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        await breakIt();
        await AddAsync(outbox, "m-1");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the error is said", () => !_errors.Kept.IsEmpty);
            await AddAsync(outbox, "m-2");
            Assert.Equal(2, await outbox.WaitingAsync(default));
            await mendIt();
            await Eventually.TrueAsync("both alerts go out", () =>
            {
                _clock.Advance(Slowest);
                return outbox.Counts.Mailed.Value == 2;
            });
        }

        Assert.All(_errors.Kept, e => Assert.IsType<T>(e));
        Assert.Equal(2, Directory.GetFiles(_temp["outbox"], "*.eml").Length);
        Assert.Equal(0, await outbox.WaitingAsync(default));
    }

    private async Task<(ProgramRun Run, Logger Log)> RunAsync()
    {
        var file = _temp.Write(".env.toml", $"""
            [alerts]
            database = "{_temp["alerts.db"]}"
            outbox = "{_temp["outbox"]}"
            mails_per_hour = 100
            """);
        var settings = await AuctionSettings.LoadAsync(new Dictionary<string, string>(), new Hashtable(), file, default);
        var log = new LoggerConfiguration().WriteTo.Sink(_errors).CreateLogger();
        return (new ProgramRun("consumer_v4.0", settings, new RootCommand().Parse([]), log, _clock), log);
    }

    private static async Task AddAsync(AlertOutbox outbox, string id)
    {
        outbox.Add(Alert.Of(id, AlertKind.HighBid, Some.Bid(900m), 800m));
        await outbox.CommitAsync(default);
    }

    private async Task DoAsync(string change)
    {
        await using var file = new SqliteConnection($"Data Source={_temp["alerts.db"]};Pooling=False");
        await file.OpenAsync();
        await using var command = file.CreateCommand();
        command.CommandText = change;
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Errors : ILogEventSink
    {
        private int _warnings;

        public ConcurrentQueue<Exception?> Kept { get; } = [];

        public int Warnings => Volatile.Read(ref _warnings);

        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Level == LogEventLevel.Warning)
            {
                Interlocked.Increment(ref _warnings);
            }

            if (logEvent.Level == LogEventLevel.Error)
            {
                Kept.Enqueue(logEvent.Exception);
            }
        }
    }
}
