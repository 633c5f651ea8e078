using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>Reads and writes the table <c>mails</c>.</summary>
internal static class MailTable
{
    /// <summary>The alerts that a mail lists at most: a server may reject a larger mail.</summary>
    private const int MaxAlertsPerMail = 1000;

    /// <summary>Creates a mail from all alerts of some groups that are in no mail yet.</summary>
    /// <returns>The mail's id.</returns>
    public static async Task<long> InsertAsync(
        SqliteTransaction transaction, DateTimeOffset now, bool isDigest, IReadOnlyList<string> groups, CancellationToken cancel)
    {
        using var insert = Sql.CreateCommand(
            transaction, "INSERT INTO mails (is_digest, made, next) VALUES ($digest, $now, $now) RETURNING id",
            ("$digest", isDigest ? 1 : 0), ("$now", SqliteFile.ToMicroseconds(now)));
        var id = (long)(await insert.ExecuteScalarAsync(cancel))!;
        using var assign = Sql.CreateCommand(
            transaction, "UPDATE alerts SET mail = $mail WHERE name = $name AND mail IS NULL", ("$mail", id), ("$name", ""));
        foreach (var group in groups)
        {
            assign.Parameters["$name"].Value = group;
            await assign.ExecuteNonQueryAsync(cancel);
        }

        return id;
    }

    /// <summary>The waiting mail that has been due for the longest time; <see langword="null"/> if none is due.</summary>
    public static async Task<OutboxMail?> ReadNextAsync(SqliteTransaction transaction, DateTimeOffset now, CancellationToken cancel) =>
        (await ReadAsync(
            transaction, "WHERE sent IS NULL AND refused IS NULL AND next <= $now ORDER BY next, id LIMIT 1", cancel,
            ("$now", SqliteFile.ToMicroseconds(now)))).FirstOrDefault();

    /// <summary>The waiting mails, then the refused ones, then the sent ones, of which only the last <paramref name="sent"/>.</summary>
    public static Task<List<OutboxMail>> ReadAllAsync(SqliteTransaction transaction, int sent, CancellationToken cancel) => ReadAsync(
        transaction,
        """
        WHERE sent IS NULL OR id IN (SELECT id FROM mails WHERE sent IS NOT NULL ORDER BY sent DESC LIMIT $sent)
        ORDER BY sent IS NOT NULL, refused IS NOT NULL, id
        """,
        cancel, ("$sent", sent));

    /// <summary>The last mails, the newest first.</summary>
    public static Task<List<OutboxMail>> ReadLastAsync(SqliteTransaction transaction, int count, CancellationToken cancel) =>
        ReadAsync(transaction, "ORDER BY id DESC LIMIT $count", cancel, ("$count", count));

    /// <summary>The creation times of the last mails that are not digests, newest first.</summary>
    public static Task<List<DateTimeOffset>> ReadCreatedAsync(SqliteTransaction transaction, int count, CancellationToken cancel) =>
        Sql.QueryAsync(
            transaction, "SELECT made FROM mails WHERE is_digest = 0 ORDER BY made DESC LIMIT $count",
            row => SqliteFile.FromMicroseconds(row.GetInt64(0)), cancel, ("$count", count));

    /// <summary>The earliest time at which a waiting mail is due; <see langword="null"/> if none waits.</summary>
    public static async Task<DateTimeOffset?> ReadNextAttemptAsync(SqliteTransaction transaction, CancellationToken cancel)
    {
        using var next = Sql.CreateCommand(transaction, "SELECT min(next) FROM mails WHERE sent IS NULL AND refused IS NULL");
        return await next.ExecuteScalarAsync(cancel) is long due ? SqliteFile.FromMicroseconds(due) : null;
    }

    /// <summary>Makes all unsent mails due, the refused ones included.</summary>
    /// <returns>The number of refused mails.</returns>
    public static async Task<int> ResetAsync(SqliteTransaction transaction, DateTimeOffset now, CancellationToken cancel)
    {
        using var refused = Sql.CreateCommand(transaction, "UPDATE mails SET refused = NULL, error = refused WHERE refused IS NOT NULL");
        var count = await refused.ExecuteNonQueryAsync(cancel);
        using var waiting = Sql.CreateCommand(
            transaction, "UPDATE mails SET next = $now WHERE sent IS NULL", ("$now", SqliteFile.ToMicroseconds(now)));
        await waiting.ExecuteNonQueryAsync(cancel);
        return count;
    }

    /// <summary>Records the result of an attempt.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="mail">The mail.</param>
    /// <param name="assignment">The SQL assignment of the result.</param>
    /// <param name="cancel">Cancels the update.</param>
    /// <param name="values">The parameters of the assignment.</param>
    public static async Task<int> UpdateAsync(
        SqliteTransaction transaction, OutboxMail mail, string assignment, CancellationToken cancel, params IEnumerable<(string Name, object? Value)> values)
    {
        using var update = Sql.CreateCommand(
            transaction, $"UPDATE mails SET {assignment}, attempts = attempts + 1 WHERE id = $id", [.. values, ("$id", mail.Id)]);
        return await update.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<List<OutboxMail>> ReadAsync(
        SqliteTransaction transaction, string clauses, CancellationToken cancel, params IEnumerable<(string Name, object? Value)> values)
    {
        var mails = await Sql.QueryAsync(
            transaction,
            $"""
            SELECT id, made, attempts, next, sent, refused IS NOT NULL, coalesce(refused, error), (SELECT count(*) FROM alerts WHERE mail = mails.id)
            FROM mails {clauses}
            """,
            row => new OutboxMail(
                row.GetInt64(0), SqliteFile.FromMicroseconds(row.GetInt64(1)), row.GetInt32(2), SqliteFile.FromMicroseconds(row.GetInt64(3)))
            {
                Sent = row.IsDBNull(4) ? null : SqliteFile.FromMicroseconds(row.GetInt64(4)),
                IsRefused = row.GetBoolean(5),
                LastError = row.IsDBNull(6) ? null : row.GetString(6),
                AlertCount = row.GetInt32(7),
            },
            cancel, values);
        for (var i = 0; i < mails.Count; i++)
        {
            var (alerts, error) = await AlertTable.ReadAsync(transaction, mails[i].Id, MaxAlertsPerMail, cancel);
            mails[i] = mails[i] with { Alerts = alerts, ReadError = error };
        }

        return mails;
    }
}
