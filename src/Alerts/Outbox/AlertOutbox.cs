using AuctionTracker.Alerts.Rules;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// The alerts, in a SQLite file, from before their bids are acked until long after they were sent: a transactional outbox. An
/// alert is there once, however often its bid is delivered. Thread-safe, but for <see cref="CommitAsync"/>, which has one caller at a
/// time; one process at a time should send from it (<see cref="OutboxRelay"/> sees to that), any number may add.
/// </summary>
public sealed class AlertOutbox : IAsyncDisposable
{
    /// <summary>How long a sent alert is remembered: a bid that is delivered again after that would alert again.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <summary>How many alerts a mail names: more would make a mail that no server takes.</summary>
    private const int MostNamed = 1000;

    /// <summary>How many mails are made in one piece of work: bids wait for it, for their alerts go into the same file.</summary>
    private const int MostMade = 200;

    private readonly List<Alert> _added = [];
    private readonly SqliteFile _file;
    private readonly DispatchSettings _settings;
    private readonly TimeProvider _time;
    private TaskCompletionSource _changed = NewSignal();

    private AlertOutbox(SqliteFile file, DispatchSettings settings, TimeProvider time) =>
        (_file, _settings, _time) = (file, settings, time);

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>What became of the alerts since it was opened.</summary>
    public AlertCounts Counts { get; } = new();

    /// <summary>
    /// Opens the file, makes it where there is none, and brings an older one to today's form. What was sent, and which amounts
    /// were the highest, is forgotten after 90 days.
    /// </summary>
    /// <param name="settings">Where it is, and which alerts share a mail.</param>
    /// <param name="counts">The counts that the program prints at its end; those of the alerts are appended.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ProgramException">The file can't be used; the message says what to do.</exception>
    public static async Task<AlertOutbox> OpenAsync(AlertSettings settings, Counts counts, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var outbox = new AlertOutbox(await SqliteFile.OpenAsync(settings.Database, AlertSchema.Versions, cancel), settings.Dispatch, time);
            counts.Append(outbox.Counts.All);
            await outbox.ForgetAsync(time.GetUtcNow() - Memory, cancel);
            await outbox._file.WorkAsync(transaction => HighWaterMarkTable.RestoreAsync(transaction, outbox.Highs, cancel), cancel);
            return outbox;
        }
        catch (IOException e)
        {
            throw new ProgramException($"{e.Message} Mend it, or name another file with [alerts] database.", e);
        }
    }

    /// <summary>
    /// The highest amounts so far, which a new high is above. What changes there is kept by the next <see cref="CommitAsync"/>, together
    /// with the alerts; unlike the outbox, it has one caller at a time.
    /// </summary>
    public HighWaterMarks Highs { get; } = new();

    /// <summary>Takes alerts, to be kept by the next <see cref="CommitAsync"/>.</summary>
    /// <param name="alerts">The alerts.</param>
    public void Add(params IEnumerable<Alert> alerts)
    {
        lock (_added)
        {
            _added.AddRange(alerts);
        }
    }

    /// <summary>When it returns, all alerts taken so far are on the disk, and their bids may be acked.</summary>
    /// <param name="cancel">Gives up; the alerts stay taken.</param>
    /// <exception cref="IOException">They can't be written now; they stay taken.</exception>
    public async ValueTask CommitAsync(CancellationToken cancel)
    {
        Alert[] alerts;
        lock (_added)
        {
            alerts = [.. _added];
        }

        if (alerts.Length == 0 && Highs.Changed.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        var count = await _file.WorkAsync(async transaction =>
        {
            await HighWaterMarkTable.KeepAsync(transaction, Highs, now, cancel);
            return await AlertTable.InsertAsync(transaction, alerts, GroupOf, now, cancel);
        }, cancel);
        Highs.Keep();
        if (alerts.Length == 0)
        {
            return;
        }

        lock (_added)
        {
            _added.RemoveRange(0, alerts.Length);
        }

        Counts.Alerts.Add(count);
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    /// <summary>How many alerts were neither sent nor refused.</summary>
    /// <param name="cancel">Gives up.</param>
    public Task<long> WaitingAsync(CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            using var count = SqliteFile.Command(
                transaction,
                "SELECT count(*) FROM alerts LEFT JOIN mails ON mails.id = alerts.mail WHERE mails.sent IS NULL AND mails.refused IS NULL");
            return (long)(await count.ExecuteScalarAsync(cancel))!;
        }, cancel);

    /// <summary>Closes the file.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <summary>Makes the mails that are due, and tells when to look again.</summary>
    /// <returns>When the next mails are due if nothing is added; <see langword="null"/>: not before something is.</returns>
    internal async Task<DateTimeOffset?> MakeMailsAsync(CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        return await _file.WorkAsync(async transaction =>
        {
            var groups = await GroupTable.ReadOpenAsync(transaction, cancel);
            var recent = await SqliteFile.ReadAsync(
                transaction, "SELECT made FROM mails WHERE is_digest = 0 ORDER BY made DESC LIMIT $most", row => SqliteFile.Time(row.GetInt64(0)), cancel,
                ("$most", _settings.MailsPerHour ?? 0));
            var plan = DispatchPlan.At(now, groups, recent, _settings);
            foreach (var name in plan.Mails.Take(MostMade))
            {
                await MakeAsync(transaction, now, isDigest: false, [name], cancel);
            }

            if (plan.Digest.Count > 0)
            {
                await MakeAsync(transaction, now, isDigest: true, plan.Digest, cancel);
            }

            return plan.Mails.Count > MostMade ? now : plan.Next;
        }, cancel);
    }

    /// <summary>The waiting mail that has waited longest since it was due, or <see langword="null"/> where none is due.</summary>
    internal Task<OutboxMail?> NextAsync(CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            var mails = await SqliteFile.ReadAsync(
                transaction,
                """
                SELECT id, made, attempts, (SELECT count(*) FROM alerts WHERE mail = mails.id)
                FROM mails WHERE sent IS NULL AND refused IS NULL AND next <= $now ORDER BY next, id LIMIT 1
                """,
                row => (Id: row.GetInt64(0), Made: SqliteFile.Time(row.GetInt64(1)), Attempts: row.GetInt32(2), Count: row.GetInt32(3)), cancel, ("$now", SqliteFile.Microseconds(_time.GetUtcNow())));
            if (mails is not [var mail])
            {
                return null;
            }

            var (alerts, damage) = await AlertTable.ReadAsync(transaction, mail.Id, MostNamed, cancel);
            return new OutboxMail(mail.Id, mail.Made, mail.Attempts, mail.Count, alerts, damage);
        }, cancel);

    /// <summary>When the next waiting mail is due, or <see langword="null"/> where none waits.</summary>
    internal Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            using var next = SqliteFile.Command(transaction, "SELECT min(next) FROM mails WHERE sent IS NULL AND refused IS NULL");
            return await next.ExecuteScalarAsync(cancel) is long due ? SqliteFile.Time(due) : (DateTimeOffset?)null;
        }, cancel);

    /// <summary>Completes when alerts are added after it was asked for.</summary>
    internal Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>The groups with alerts that are in no mail yet, oldest first.</summary>
    internal Task<List<PendingGroup>> ListOpenAsync(CancellationToken cancel) =>
        _file.WorkAsync(transaction => GroupTable.ReadOpenAsync(transaction, cancel), cancel);

    /// <summary>The mails that are waiting, then the refused ones, then the last sent ones, each with its alerts.</summary>
    /// <param name="sent">How many of the sent ones.</param>
    /// <param name="cancel">Gives up.</param>
    internal Task<List<MailRecord>> ListAsync(int sent, CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            var mails = await SqliteFile.ReadAsync(
                transaction,
                """
                SELECT id, made, attempts, next, sent, coalesce(refused, error), refused IS NOT NULL, (SELECT count(*) FROM alerts WHERE mail = mails.id)
                FROM mails WHERE sent IS NULL OR id IN (SELECT id FROM mails WHERE sent IS NOT NULL ORDER BY sent DESC LIMIT $sent)
                ORDER BY sent IS NOT NULL, refused IS NOT NULL, id
                """,
                row => (Id: row.GetInt64(0), Record: new MailRecord(
                    SqliteFile.Time(row.GetInt64(1)), row.GetInt32(2), SqliteFile.Time(row.GetInt64(3)), row.IsDBNull(4) ? null : SqliteFile.Time(row.GetInt64(4)),
                    row.IsDBNull(5) ? null : row.GetString(5), row.GetBoolean(6), row.GetInt32(7), [])),
                cancel, ("$sent", sent));
            var records = new List<MailRecord>();
            foreach (var (id, record) in mails)
            {
                records.Add(record with { Alerts = (await AlertTable.ReadAsync(transaction, id, MostNamed, cancel)).Alerts });
            }

            return records;
        }, cancel);

    /// <summary>Makes what waits due now, and what was refused wait again.</summary>
    /// <returns>How many mails were refused.</returns>
    internal Task<int> ResendAsync(CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            using var refused = SqliteFile.Command(transaction, "UPDATE mails SET refused = NULL, error = refused WHERE refused IS NOT NULL");
            var count = await refused.ExecuteNonQueryAsync(cancel);
            using var waiting = SqliteFile.Command(
                transaction, "UPDATE mails SET next = $now WHERE sent IS NULL", ("$now", SqliteFile.Microseconds(_time.GetUtcNow())));
            await waiting.ExecuteNonQueryAsync(cancel);
            return count;
        }, cancel);

    internal Task MarkSentAsync(OutboxMail mail, CancellationToken cancel) => MarkAsync(
        mail, "sent = $now, attempts = attempts + 1", cancel, ("$now", SqliteFile.Microseconds(_time.GetUtcNow())));

    internal Task MarkRefusedAsync(OutboxMail mail, string why, CancellationToken cancel) =>
        MarkAsync(mail, "refused = $why, attempts = attempts + 1", cancel, ("$why", why));

    internal Task PostponeAsync(OutboxMail mail, DateTimeOffset until, string why, CancellationToken cancel) => MarkAsync(
        mail, "next = $until, error = $why, attempts = attempts + 1", cancel, ("$until", SqliteFile.Microseconds(until)), ("$why", why));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            using var forget = SqliteFile.Command(
                transaction,
                """
                DELETE FROM alerts WHERE mail IN (SELECT id FROM mails WHERE sent < $before);
                DELETE FROM mails WHERE sent < $before;
                DELETE FROM highs WHERE raised < $before;
                DELETE FROM groups WHERE mailed < $before;
                """,
                ("$before", SqliteFile.Microseconds(before)));
            return await forget.ExecuteNonQueryAsync(cancel);
        }, cancel);

    private string GroupOf(Alert alert) => (_settings.GroupBy, alert.Bid) switch
    {
        (_, null) => "dead letters",
        (GroupBy.Bid, _) => $"bid {alert.MessageId}",
        (GroupBy.Auction, { AuctionId: { } auction }) => $"auction {auction}",
        (_, { } bid) => $"item {AuctionTopology.NameOf(bid.Item)}",
    };

    private async Task MakeAsync(
        SqliteTransaction transaction, DateTimeOffset now, bool isDigest, IReadOnlyList<string> groups, CancellationToken cancel)
    {
        using var make = SqliteFile.Command(
            transaction, "INSERT INTO mails (is_digest, made, next) VALUES ($digest, $now, $now) RETURNING id",
            ("$digest", isDigest ? 1 : 0), ("$now", SqliteFile.Microseconds(now)));
        var id = (long)(await make.ExecuteScalarAsync(cancel))!;
        using var join = SqliteFile.Command(transaction, "UPDATE alerts SET mail = $mail WHERE name = $name AND mail IS NULL", ("$mail", id), ("$name", ""));
        foreach (var group in groups)
        {
            join.Parameters["$name"].Value = group;
            await join.ExecuteNonQueryAsync(cancel);
        }

        if (_settings.RepeatInterval > TimeSpan.Zero)
        {
            await GroupTable.RememberAsync(transaction, id, now, cancel);
        }
    }

    private Task<int> MarkAsync(OutboxMail mail, string change, CancellationToken cancel, params IEnumerable<(string Name, object Value)> values) => _file.WorkAsync(
        async transaction =>
        {
            using var update = SqliteFile.Command(transaction, $"UPDATE mails SET {change} WHERE id = $id", [.. values, ("$id", mail.Id)]);
            return await update.ExecuteNonQueryAsync(cancel);
        }, cancel);
}
