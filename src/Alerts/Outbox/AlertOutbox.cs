using AuctionTracker.Alerts.Rules;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// A transactional outbox of alerts in a SQLite file. An alert is committed before its bid is acked, and stored once however often
/// the bid is delivered. Thread-safe, except for <see cref="CommitAsync"/> and <see cref="HighWaterMarks"/>, which have one caller each
/// at a time. Several processes may add alerts, consumer v4 those about bids and Auctioneer those about closed auctions;
/// <see cref="OutboxRelay"/> makes sure that only one sends them.
/// </summary>
public sealed class AlertOutbox : IAsyncDisposable
{
    /// <summary>How long sent alerts are kept. A bid that is redelivered later raises a new alert.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    /// <summary>Limits the length of a transaction, because bids wait for the same file.</summary>
    private const int MaxMailsPerTransaction = 200;

    private readonly List<Alert> _added = [];
    private readonly SqliteFile _file;
    private readonly DispatchSettings _settings;
    private readonly TimeProvider _time;
    private TaskCompletionSource _alertsAdded = NewSignal();

    private AlertOutbox(SqliteFile file, DispatchSettings settings, TimeProvider time) =>
        (_file, _settings, _time) = (file, settings, time);

    /// <summary>The path of the file.</summary>
    public string Path => _file.Path;

    /// <summary>The highest amounts so far. <see cref="CommitAsync"/> stores their changes in the transaction of the alerts.</summary>
    public HighWaterMarks HighWaterMarks { get; } = new();

    internal AlertCounts Counts { get; } = new();

    /// <summary>Completes when alerts are added after the property was read.</summary>
    internal Task AlertsAdded => Volatile.Read(ref _alertsAdded).Task;

    /// <summary>Opens the file, creates it if it is missing, and upgrades an older schema. Deletes what is older than 90 days.</summary>
    /// <param name="settings">The path of the file, and which alerts share a mail.</param>
    /// <param name="counts">The counts that the program prints at its end; the counts of alerts are appended.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="ProgramException">The file can't be used; the message says what to do.</exception>
    public static async Task<AlertOutbox> OpenAsync(AlertSettings settings, Counts counts, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var outbox = new AlertOutbox(await SqliteFile.OpenAsync(settings.Database, AlertSchema.Versions, cancel), settings.Dispatch, time);
            counts.Append(outbox.Counts.All);
            await outbox.DeleteBeforeAsync(time.GetUtcNow() - Retention, cancel);
            await outbox._file.InTransactionAsync(transaction => HighWaterMarkTable.RestoreAsync(transaction, outbox.HighWaterMarks, cancel), cancel);
            return outbox;
        }
        catch (IOException e)
        {
            throw new ProgramException($"{e.Message} Fix the file or choose another one with [alerts] database.", e);
        }
    }

    /// <summary>Adds alerts in memory, for the next <see cref="CommitAsync"/>.</summary>
    /// <param name="alerts">The alerts.</param>
    public void Add(params IEnumerable<Alert> alerts)
    {
        lock (_added)
        {
            _added.AddRange(alerts);
        }
    }

    /// <summary>
    /// Commits the alerts added and the high-water marks raised before the call. On return they are on the disk, and their bids may be
    /// acked. Meanwhile further alerts may be added: the file is written on another thread.
    /// </summary>
    /// <param name="cancel">Cancels the operation; the alerts stay in memory.</param>
    /// <exception cref="IOException">The file can't be written; the alerts stay in memory.</exception>
    public ValueTask CommitAsync(CancellationToken cancel)
    {
        lock (_added)
        {
            Alert[] alerts = [.. _added];
            var marks = HighWaterMarks.TakeChanges();
            return alerts.Length == 0 && marks.Count == 0
                ? ValueTask.CompletedTask
                : new(Task.Run(() => StoreAsync(alerts, marks, cancel), CancellationToken.None));
        }
    }

    /// <summary>Stores alerts in a transaction of their own, without those that were added in memory. On return they are on the disk.</summary>
    /// <param name="alerts">The alerts.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be written; nothing is stored.</exception>
    public async Task StoreAsync(IReadOnlyList<Alert> alerts, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        Counts.Alerts.Add(await _file.InTransactionAsync(transaction => AlertTable.InsertAsync(transaction, alerts, GroupOf, now, cancel), cancel));
        SignalAdded();
    }

    /// <summary>Closes the file.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <summary>The number of alerts that are neither sent nor refused.</summary>
    internal Task<long> CountWaitingAsync(CancellationToken cancel) => _file.InTransactionAsync(
        async transaction =>
        {
            // By the indexes of what waits: the sent ones are kept for months.
            using var count = Sql.CreateCommand(
                transaction,
                """
                SELECT (SELECT count(*) FROM alerts INDEXED BY alerts_open WHERE mail IS NULL) +
                    (SELECT count(*) FROM mails INDEXED BY mails_waiting JOIN alerts ON alerts.mail = mails.id
                    WHERE sent IS NULL AND refused IS NULL)
                """);
            return (long)(await count.ExecuteScalarAsync(cancel))!;
        }, cancel);

    /// <summary>Marks a mail as sent, creates the mails that are due, and reads the next one. One transaction, so one flush to the disk.</summary>
    /// <param name="sent">The mail that was sent; <see langword="null"/> for none.</param>
    /// <param name="cancel">Cancels the operation; the mail is not marked.</param>
    /// <returns>The next mail that is due. If none is: when to call again; <see langword="null"/> if only new alerts can make a mail due.</returns>
    internal Task<(OutboxMail? Mail, DateTimeOffset? Due)> AdvanceAsync(OutboxMail? sent, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return _file.InTransactionAsync<(OutboxMail?, DateTimeOffset?)>(async transaction =>
        {
            if (sent is not null)
            {
                await MailTable.UpdateAsync(transaction, sent, "sent = $now", cancel, ("$now", SqliteFile.ToMicroseconds(now)));
            }

            var due = await CreateMailsAsync(transaction, now, cancel);
            if (await MailTable.ReadNextAsync(transaction, now, cancel) is { } mail)
            {
                return (mail, null);
            }

            var nextAttempt = await MailTable.ReadNextAttemptAsync(transaction, cancel);
            return (null, nextAttempt is null || due < nextAttempt ? due ?? nextAttempt : nextAttempt);
        }, cancel);
    }

    /// <inheritdoc cref="GroupTable.CountPendingAsync"/>
    internal Task<List<(string Name, DateTimeOffset Oldest, int Count)>> CountPendingAsync(CancellationToken cancel) =>
        _file.InTransactionAsync(transaction => GroupTable.CountPendingAsync(transaction, cancel), cancel);

    /// <inheritdoc cref="MailTable.ReadAllAsync"/>
    internal Task<List<OutboxMail>> ListMailsAsync(int sent, CancellationToken cancel) =>
        _file.InTransactionAsync(transaction => MailTable.ReadAllAsync(transaction, sent, cancel), cancel);

    /// <inheritdoc cref="MailTable.ResetAsync"/>
    internal Task<int> ResendAsync(CancellationToken cancel) =>
        _file.InTransactionAsync(transaction => MailTable.ResetAsync(transaction, _time.GetUtcNow(), cancel), cancel);

    internal Task MarkRefusedAsync(OutboxMail mail, string error, CancellationToken cancel) =>
        UpdateAsync(mail, "refused = $error", cancel, ("$error", error));

    internal Task PostponeAsync(OutboxMail mail, DateTimeOffset until, string error, CancellationToken cancel) =>
        UpdateAsync(mail, "next = $until, error = $error", cancel, ("$until", SqliteFile.ToMicroseconds(until)), ("$error", error));

    /// <returns>When more mails are due; <see langword="null"/> if only new alerts can make a mail due.</returns>
    private async Task<DateTimeOffset?> CreateMailsAsync(SqliteTransaction transaction, DateTimeOffset now, CancellationToken cancel)
    {
        var groups = await GroupTable.ReadPendingAsync(transaction, cancel);
        if (groups.Count == 0)
        {
            return null;
        }

        var recent = await MailTable.ReadCreatedAsync(transaction, _settings.MailsPerHour ?? 0, cancel);
        var plan = DispatchPlan.Create(now, groups, recent, _settings);
        foreach (var name in plan.Mails.Take(MaxMailsPerTransaction))
        {
            await CreateAsync(isDigest: false, [name]);
        }

        if (plan.Digest.Count > 0)
        {
            await CreateAsync(isDigest: true, plan.Digest);
        }

        return plan.Mails.Count > MaxMailsPerTransaction ? now : plan.Next;

        async Task CreateAsync(bool isDigest, IReadOnlyList<string> names)
        {
            var mail = await MailTable.InsertAsync(transaction, now, isDigest, names, cancel);
            if (_settings.RepeatInterval > TimeSpan.Zero)
            {
                await GroupTable.StoreLastMailAsync(transaction, mail, now, cancel);
            }
        }
    }

    private async Task StoreAsync(Alert[] alerts, IReadOnlyDictionary<string, decimal> marks, CancellationToken cancel)
    {
        try
        {
            var now = _time.GetUtcNow();
            var count = await _file.InTransactionAsync(async transaction =>
            {
                await HighWaterMarkTable.StoreAsync(transaction, marks, now, cancel);
                return await AlertTable.InsertAsync(transaction, alerts, GroupOf, now, cancel);
            }, cancel);
            Counts.Alerts.Add(count);
        }
        catch
        {
            HighWaterMarks.PutBack(marks);
            throw;
        }

        if (alerts.Length > 0)
        {
            lock (_added)
            {
                _added.RemoveRange(0, alerts.Length);
            }

            SignalAdded();
        }
    }

    private void SignalAdded() => Interlocked.Exchange(ref _alertsAdded, NewSignal()).SetResult();

    private Task<int> UpdateAsync(OutboxMail mail, string assignment, CancellationToken cancel, params (string Name, object? Value)[] values) =>
        _file.InTransactionAsync(transaction => MailTable.UpdateAsync(transaction, mail, assignment, cancel, values), cancel);

    private Task<int> DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancel) => _file.InTransactionAsync(
        async transaction =>
        {
            using var delete = Sql.CreateCommand(
                transaction,
                """
                DELETE FROM alerts WHERE mail IN (SELECT id FROM mails WHERE made < $time AND sent < $time);
                DELETE FROM mails WHERE made < $time AND sent < $time;
                DELETE FROM highs WHERE raised < $time;
                DELETE FROM groups WHERE mailed < $time;
                """,
                ("$time", SqliteFile.ToMicroseconds(time)));
            return await delete.ExecuteNonQueryAsync(cancel);
        }, cancel);

    private string GroupOf(Alert alert) => (_settings.GroupBy, alert.Bid) switch
    {
        (_, null) => "dead letters",
        (GroupBy.Bid, _) when alert.Auction is null => $"bid {alert.MessageId}",
        (GroupBy.Bid, { } bid) => $"auction {bid.AuctionId}",
        (GroupBy.Auction, { AuctionId: { } auction }) => $"auction {auction}",
        (_, { } bid) => $"item {AuctionTopology.NameOf(bid.Item)}",
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
