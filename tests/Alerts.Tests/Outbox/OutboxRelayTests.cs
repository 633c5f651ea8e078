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

/// <summary>The relay with .eml files instead of a mail server, and its reaction to unexpected errors.</summary>
public sealed class OutboxRelayTests : IDisposable
{
    private static readonly TimeSpan MaxFirstPause = TimeSpan.FromMinutes(1.25);

    private readonly TempFolder _temp = new();
    private readonly FakeTimeProvider _clock = new(Some.Time);
    private readonly LogSink _sink = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task An_invalid_time_in_the_file_is_logged_and_no_alert_is_lost() =>
        await AssertRecoversAsync<ArgumentOutOfRangeException>(
            () => ExecuteSqlAsync("INSERT INTO mails (is_digest, made, next) VALUES (0, 400000000000000000, 0)"),
            () => ExecuteSqlAsync("DELETE FROM mails WHERE made = 400000000000000000"));

    [Fact]
    public async Task A_lock_file_that_cannot_be_opened_is_logged_and_no_alert_is_lost()
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
    public async Task A_persistent_error_is_logged_once_per_pause()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        Directory.CreateDirectory(_temp["alerts.db.sender"]);
        var seconds = 0;

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the error is logged for the third time", () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(5));
                seconds += 5;
                return _sink.Errors.Count == 3;
            });
        }

        Assert.InRange(seconds, 45 + 90, int.MaxValue); // a minute and two, less a quarter
    }

    [Fact]
    public async Task A_damaged_alert_is_logged_and_the_others_of_its_mail_are_sent()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        outbox.Add(
            Alert.ForBid("m-1", AlertKind.HighBid, Some.Bid(900m), 800m),
            Alert.ForBid("m-1", AlertKind.NewHigh, Some.Bid(900m), 850m));
        await outbox.CommitAsync(default);
        await ExecuteSqlAsync("UPDATE alerts SET figure = '' WHERE kind = 'NewHigh'");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the mail goes out", () => outbox.Counts.Mails.Value == 1);
        }

        Assert.Null(Assert.Single(_sink.Errors)); // logged without a stack trace
        Assert.Equal((2, 0), (outbox.Counts.Mailed.Value, outbox.Counts.Refused.Value));
        Assert.Equal(0, await outbox.CountWaitingAsync(default));
    }

    [Theory]
    [InlineData("bid = '{'")]
    [InlineData("kind = 'Nothing'")]
    [InlineData("figure = '99999999999999999999999999999999'")]
    [InlineData("entries = ''")]
    public async Task A_mail_with_only_a_damaged_alert_is_kept_as_refused_and_the_next_one_is_sent(string damage)
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        await AddAsync(outbox, "m-1");
        await AddAsync(outbox, "m-2");
        await ExecuteSqlAsync($"UPDATE alerts SET {damage} WHERE message_id = 'm-1'");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the whole alert goes out", () => outbox.Counts.Mailed.Value == 1);
        }

        var refused = Assert.Single(await outbox.ListMailsAsync(0, default));
        Assert.True(refused.IsRefused);
        Assert.StartsWith($"An alert in {outbox.Path} is damaged: ", refused.LastError, StringComparison.Ordinal);
        Assert.Equal((1, 0), (outbox.Counts.Refused.Value, await outbox.CountWaitingAsync(default)));
    }

    [Fact]
    public async Task A_mail_that_fails_unexpectedly_comes_after_the_others_and_is_not_lost()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        await AddAsync(outbox, "m-1");
        await AddAsync(outbox, "m-2");
        await ExecuteSqlAsync("UPDATE alerts SET entries = '[null]' WHERE message_id = 'm-1'");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the error is logged", () => _sink.Errors.Any(e => e is NullReferenceException));
            _clock.Advance(MaxFirstPause);
            await Eventually.TrueAsync("the other alert goes out", () => outbox.Counts.Mailed.Value == 1);
            await ExecuteSqlAsync("UPDATE alerts SET entries = '[]' WHERE message_id = 'm-1'");
            await Eventually.TrueAsync("the first one goes out, too", () =>
            {
                _clock.Advance(MaxFirstPause);
                return outbox.Counts.Mailed.Value == 2;
            });
        }

        Assert.Equal((0, 0), (outbox.Counts.Refused.Value, await outbox.CountWaitingAsync(default)));
    }

    [Fact]
    public async Task After_a_long_outage_a_failure_of_the_other_kind_starts_with_its_shortest_pause()
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        var obstacle = _temp.Write("outbox", "not a folder");
        await AddAsync(outbox, "m-1");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("eight tries failed", () =>
            {
                _clock.Advance(TimeSpan.FromMinutes(7));
                return _sink.Warnings >= 8;
            });
            await ExecuteSqlAsync("INSERT INTO mails (is_digest, made, next) VALUES (0, 400000000000000000, 0)");
            await Eventually.TrueAsync("the error is logged", () =>
            {
                _clock.Advance(_sink.Errors.IsEmpty ? TimeSpan.FromMinutes(7) : TimeSpan.Zero);
                return !_sink.Errors.IsEmpty;
            });
            await ExecuteSqlAsync("DELETE FROM mails WHERE made = 400000000000000000");
            File.Delete(obstacle);
            var minutes = 30; // less than the longest pause, an hour less a quarter
            await Eventually.TrueAsync("the alert goes out", () =>
            {
                _clock.Advance(TimeSpan.FromMinutes(minutes-- > 0 ? 1 : 0));
                return outbox.Counts.Mailed.Value == 1;
            });
        }
    }

    /// <summary>Asserts that an error is logged, does not block the adding of alerts, and is retried.</summary>
    private async Task AssertRecoversAsync<T>(Func<Task> injectFault, Func<Task> removeFault)
        where T : Exception
    {
        var (run, log) = await RunAsync();
        using var closing = log;
        await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, _clock, default);
        await injectFault();
        await AddAsync(outbox, "m-1");

        await using (await OutboxRelay.StartAsync(outbox, run, default))
        {
            await Eventually.TrueAsync("the error is logged", () => !_sink.Errors.IsEmpty);
            await AddAsync(outbox, "m-2");
            Assert.Equal(2, await outbox.CountWaitingAsync(default));
            await removeFault();
            await Eventually.TrueAsync("both alerts go out", () =>
            {
                _clock.Advance(MaxFirstPause);
                return outbox.Counts.Mailed.Value == 2;
            });
        }

        Assert.All(_sink.Errors, e => Assert.IsType<T>(e));
        Assert.Equal(2, Directory.GetFiles(_temp["outbox"], "*.eml").Length);
        Assert.Equal(0, await outbox.CountWaitingAsync(default));
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
        var log = new LoggerConfiguration().WriteTo.Sink(_sink).CreateLogger();
        return (new ProgramRun("consumer_v4.0", ProgramDefinition.Consumer, settings, new RootCommand().Parse([]), log, _clock), log);
    }

    private static async Task AddAsync(AlertOutbox outbox, string id)
    {
        outbox.Add(Alert.ForBid(id, AlertKind.HighBid, Some.Bid(900m), 800m));
        await outbox.CommitAsync(default);
    }

    private async Task ExecuteSqlAsync(string change)
    {
        await using var file = new SqliteConnection($"Data Source={_temp["alerts.db"]};Pooling=False");
        await file.OpenAsync();
        await using var command = file.CreateCommand();
        command.CommandText = change;
        await command.ExecuteNonQueryAsync();
    }

    private sealed class LogSink : ILogEventSink
    {
        private int _warnings;

        public ConcurrentQueue<Exception?> Errors { get; } = [];

        public int Warnings => Volatile.Read(ref _warnings);

        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Level == LogEventLevel.Warning)
            {
                Interlocked.Increment(ref _warnings);
            }

            if (logEvent.Level == LogEventLevel.Error)
            {
                Errors.Enqueue(logEvent.Exception);
            }
        }
    }
}
