using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>Reads and writes the groups of alerts that share mails.</summary>
internal static class GroupTable
{
    /// <summary>The groups with alerts that are in no mail yet, in the order of their first alert.</summary>
    /// <remarks>
    /// Jumps from name to name in the index of pending alerts, so that a group costs the same however many alerts it gathers: the relay
    /// reads this after every commit.
    /// </remarks>
    public static Task<List<PendingGroup>> ReadPendingAsync(SqliteTransaction transaction, CancellationToken cancel) => Sql.QueryAsync(
        transaction,
        """
        WITH RECURSIVE names (name) AS (
            SELECT (SELECT name FROM alerts INDEXED BY alerts_open WHERE mail IS NULL ORDER BY name LIMIT 1)
            UNION ALL
            SELECT (SELECT name FROM alerts INDEXED BY alerts_open WHERE mail IS NULL AND name > names.name ORDER BY name LIMIT 1)
            FROM names WHERE name IS NOT NULL)
        SELECT names.name, added, mailed
        FROM names
            JOIN alerts ON id = (
                SELECT id FROM alerts INDEXED BY alerts_open WHERE mail IS NULL AND name = names.name ORDER BY added, id LIMIT 1)
            LEFT JOIN groups ON groups.name = names.name
        ORDER BY added, id
        """,
        row => new PendingGroup(row.GetString(0), SqliteFile.FromMicroseconds(row.GetInt64(1)), row.IsDBNull(2) ? null : SqliteFile.FromMicroseconds(row.GetInt64(2))),
        cancel);

    /// <summary>The same groups, each with the time of its first pending alert and the number of its pending alerts.</summary>
    public static Task<List<(string Name, DateTimeOffset Oldest, int Count)>> CountPendingAsync(SqliteTransaction transaction, CancellationToken cancel) =>
        Sql.QueryAsync(
            transaction, "SELECT name, min(added), count(*) FROM alerts WHERE mail IS NULL GROUP BY name ORDER BY min(id)",
            row => (row.GetString(0), SqliteFile.FromMicroseconds(row.GetInt64(1)), row.GetInt32(2)), cancel);

    /// <summary>Stores the time of a mail as the last one of each of its groups.</summary>
    public static async Task StoreLastMailAsync(SqliteTransaction transaction, long mail, DateTimeOffset now, CancellationToken cancel)
    {
        using var store = Sql.CreateCommand(
            transaction, "INSERT OR REPLACE INTO groups (name, mailed) SELECT DISTINCT name, $now FROM alerts WHERE mail = $mail",
            ("$now", SqliteFile.ToMicroseconds(now)), ("$mail", mail));
        await store.ExecuteNonQueryAsync(cancel);
    }
}
