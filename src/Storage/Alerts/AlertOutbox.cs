using System.Text;
using AuctionTracker.Core.Alerts;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Storage.Alerts;

/// <summary>
/// The alerts, in a SQLite file, from before their bids are acked until long after they were sent: a transactional outbox. An
/// alert is there once, however often its bid is delivered. Thread-safe; one process at a time should send from it
/// (<see cref="OutboxRelay"/> sees to that), any number may add.
/// </summary>
public sealed class AlertOutbox : IAsyncDisposable
{
    /// <summary>How long a sent alert is remembered: a bid that is delivered again after that would alert again.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    private readonly List<Alert> _added = [];
    private readonly SqliteFile _file;
    private readonly DispatchSettings _settings;
    private readonly Counts _counts;
    private readonly TimeProvider _time;
    private TaskCompletionSource _changed = NewSignal();

    private AlertOutbox(SqliteFile file, DispatchSettings settings, Counts counts, TimeProvider time) =>
        (_file, _settings, _counts, _time) = (file, settings, counts, time);

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>
    /// Opens the file, makes it where there is none, and brings an older one to today's form. What was sent more than 90 days ago
    /// is forgotten.
    /// </summary>
    /// <param name="settings">Where it is, and which alerts share a mail.</param>
    /// <param name="counts">Where new alerts are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ProgramException">The file can't be used; the message says what to do.</exception>
    public static async Task<AlertOutbox> OpenAsync(AlertSettings settings, Counts counts, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var outbox = new AlertOutbox(await SqliteFile.OpenAsync(settings.Database, AlertSchema.Versions, cancel), settings.Dispatch, counts, time);
            await outbox.ForgetAsync(time.GetUtcNow() - Memory, cancel);
            return outbox;
        }
        catch (IOException e)
        {
            throw new ProgramException($"{e.Message} Mend it, or name another file with [alerts] database.", e);
        }
    }

    /// <summary>Takes an alert, to be kept by the next <see cref="CommitAsync"/>.</summary>
    /// <param name="alert">The alert.</param>
    public void Add(Alert alert)
    {
        lock (_added)
        {
            _added.Add(alert);
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
            if (_added.Count == 0)
            {
                return;
            }

            alerts = [.. _added];
        }

        var added = Microseconds(_time.GetUtcNow());
        var count = await _file.WorkAsync(async transaction =>
        {
            using var insert = SqliteFile.Command(
                transaction, "INSERT INTO alerts (message_id, name, bid, added) VALUES ($id, $name, $bid, $added) ON CONFLICT DO NOTHING",
                ("$id", ""), ("$name", ""), ("$bid", ""), ("$added", added));
            var inserted = 0;
            foreach (var alert in alerts)
            {
                insert.Parameters["$id"].Value = alert.MessageId;
                insert.Parameters["$name"].Value = GroupOf(alert);
                insert.Parameters["$bid"].Value = Encoding.UTF8.GetString(BidJson.Write(alert.Bid));
                inserted += await insert.ExecuteNonQueryAsync(cancel);
            }

            return inserted;
        }, cancel);
        lock (_added)
        {
            _added.RemoveRange(0, alerts.Length);
        }

        _counts.Alerts.Add(count);
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
            var groups = await SqliteFile.ReadAsync(
                transaction,
                """
                SELECT name, min(added), (SELECT max(made) FROM mails JOIN alerts AS sent ON sent.mail = mails.id WHERE sent.name = open.name)
                FROM alerts AS open WHERE mail IS NULL GROUP BY name ORDER BY min(id)
                """,
                row => new OpenGroup(row.GetString(0), Time(row.GetInt64(1)), row.IsDBNull(2) ? null : Time(row.GetInt64(2))), cancel);
            var recent = await SqliteFile.ReadAsync(
                transaction, "SELECT made FROM mails WHERE is_digest = 0 AND made > $since", row => Time(row.GetInt64(0)), cancel,
                ("$since", Microseconds(now - TimeSpan.FromHours(1))));
            var plan = DispatchPlan.At(now, groups, recent, _settings);
            foreach (var name in plan.Mails)
            {
                await MakeAsync(transaction, now, isDigest: false, [name], cancel);
            }

            if (plan.Digest.Count > 0)
            {
                await MakeAsync(transaction, now, isDigest: true, plan.Digest, cancel);
            }

            return plan.Next;
        }, cancel);
    }

    /// <summary>The waiting mail that has waited longest since it was due, or <see langword="null"/> where none is due.</summary>
    internal Task<OutboxMail?> NextAsync(CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            var mails = await SqliteFile.ReadAsync(
                transaction,
                "SELECT id, attempts FROM mails WHERE sent IS NULL AND refused IS NULL AND next <= $now ORDER BY next, id LIMIT 1",
                row => (Id: row.GetInt64(0), Attempts: row.GetInt32(1)), cancel, ("$now", Microseconds(_time.GetUtcNow())));
            return mails is [var mail] ? new OutboxMail(mail.Id, mail.Attempts, await AlertsOfAsync(transaction, mail.Id, cancel)) : null;
        }, cancel);

    /// <summary>When the next waiting mail is due, or <see langword="null"/> where none waits.</summary>
    internal Task<DateTimeOffset?> NextDueAsync(CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            using var next = SqliteFile.Command(transaction, "SELECT min(next) FROM mails WHERE sent IS NULL AND refused IS NULL");
            return await next.ExecuteScalarAsync(cancel) is long due ? Time(due) : (DateTimeOffset?)null;
        }, cancel);

    /// <summary>Completes when alerts are added after it was asked for.</summary>
    internal Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>The mails that are waiting, then the refused ones, then the last sent ones, each with its alerts.</summary>
    /// <param name="sent">How many of the sent ones.</param>
    /// <param name="cancel">Gives up.</param>
    internal Task<List<MailRecord>> ListAsync(int sent, CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            var mails = await SqliteFile.ReadAsync(
                transaction,
                """
                SELECT id, made, attempts, next, sent, coalesce(refused, error), refused IS NOT NULL
                FROM mails WHERE sent IS NULL OR id IN (SELECT id FROM mails WHERE sent IS NOT NULL ORDER BY sent DESC LIMIT $sent)
                ORDER BY sent IS NOT NULL, refused IS NOT NULL, id
                """,
                row => (Id: row.GetInt64(0), Record: new MailRecord(
                    Time(row.GetInt64(1)), row.GetInt32(2), Time(row.GetInt64(3)), row.IsDBNull(4) ? null : Time(row.GetInt64(4)),
                    row.IsDBNull(5) ? null : row.GetString(5), row.GetBoolean(6), [])),
                cancel, ("$sent", sent));
            var records = new List<MailRecord>();
            foreach (var (id, record) in mails)
            {
                records.Add(record with { Alerts = await AlertsOfAsync(transaction, id, cancel) });
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
                transaction, "UPDATE mails SET next = $now WHERE sent IS NULL", ("$now", Microseconds(_time.GetUtcNow())));
            await waiting.ExecuteNonQueryAsync(cancel);
            return count;
        }, cancel);

    internal Task MarkSentAsync(OutboxMail mail, CancellationToken cancel) => MarkAsync(
        mail, "sent = $now, attempts = attempts + 1", cancel, ("$now", Microseconds(_time.GetUtcNow())));

    internal Task MarkRefusedAsync(OutboxMail mail, string why, CancellationToken cancel) =>
        MarkAsync(mail, "refused = $why, attempts = attempts + 1", cancel, ("$why", why));

    internal Task PostponeAsync(OutboxMail mail, DateTimeOffset until, string why, CancellationToken cancel) => MarkAsync(
        mail, "next = $until, error = $why, attempts = attempts + 1", cancel, ("$until", Microseconds(until)), ("$why", why));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancel) => _file.WorkAsync(
        async transaction =>
        {
            using var forget = SqliteFile.Command(
                transaction,
                "DELETE FROM alerts WHERE mail IN (SELECT id FROM mails WHERE sent < $before); DELETE FROM mails WHERE sent < $before",
                ("$before", Microseconds(before)));
            return await forget.ExecuteNonQueryAsync(cancel);
        }, cancel);

    private string GroupOf(Alert alert) => (_settings.GroupBy, alert.Bid.AuctionId) switch
    {
        (GroupBy.Bid, _) => $"bid {alert.MessageId}",
        (GroupBy.Auction, { } auction) => $"auction {auction}",
        _ => $"item {AuctionTopology.NameOf(alert.Bid.Item)}",
    };

    private static async Task MakeAsync(
        SqliteTransaction transaction, DateTimeOffset now, bool isDigest, IReadOnlyList<string> groups, CancellationToken cancel)
    {
        using var make = SqliteFile.Command(
            transaction, "INSERT INTO mails (is_digest, made, next) VALUES ($digest, $now, $now) RETURNING id",
            ("$digest", isDigest ? 1 : 0), ("$now", Microseconds(now)));
        var id = (long)(await make.ExecuteScalarAsync(cancel))!;
        using var join = SqliteFile.Command(transaction, "UPDATE alerts SET mail = $mail WHERE name = $name AND mail IS NULL", ("$mail", id), ("$name", ""));
        foreach (var group in groups)
        {
            join.Parameters["$name"].Value = group;
            await join.ExecuteNonQueryAsync(cancel);
        }
    }

    private Task<List<Alert>> AlertsOfAsync(SqliteTransaction transaction, long mail, CancellationToken cancel) => SqliteFile.ReadAsync(
        transaction, "SELECT message_id, bid FROM alerts WHERE mail = $mail ORDER BY id",
        row => new Alert(
            row.GetString(0),
            BidJson.TryRead(Encoding.UTF8.GetBytes(row.GetString(1)), out var bid, out var reason) ? bid : throw new IOException($"{Path} is damaged: {reason}")),
        cancel, ("$mail", mail));

    private Task<int> MarkAsync(OutboxMail mail, string change, CancellationToken cancel, params IEnumerable<(string Name, object Value)> values) => _file.WorkAsync(
        async transaction =>
        {
            using var update = SqliteFile.Command(transaction, $"UPDATE mails SET {change} WHERE id = $id", [.. values, ("$id", mail.Id)]);
            return await update.ExecuteNonQueryAsync(cancel);
        }, cancel);
}
