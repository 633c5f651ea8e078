using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>Reads and writes the groups of alerts that share mails.</summary>
internal static class GroupTable
{
    /// <summary>The groups with alerts that are in no mail yet, in the order of their first alert.</summary>
    public static Task<List<PendingGroup>> ReadPendingAsync(SqliteTransaction transaction, CancellationToken cancel) => SqliteFile.QueryAsync(
        transaction,
        """
        SELECT pending.name, min(added), mailed, count(*)
        FROM alerts AS pending LEFT JOIN groups ON groups.name = pending.name WHERE mail IS NULL GROUP BY pending.name ORDER BY min(id)
        """,
        row => new PendingGroup(row.GetString(0), SqliteFile.FromMicroseconds(row.GetInt64(1)), row.IsDBNull(2) ? null : SqliteFile.FromMicroseconds(row.GetInt64(2)))
        {
            Count = row.GetInt32(3),
        }, cancel);

    /// <summary>Stores the time of a mail as the last one of each of its groups.</summary>
    public static async Task StoreLastMailAsync(SqliteTransaction transaction, long mail, DateTimeOffset now, CancellationToken cancel)
    {
        using var store = SqliteFile.CreateCommand(
            transaction, "INSERT OR REPLACE INTO groups (name, mailed) SELECT DISTINCT name, $now FROM alerts WHERE mail = $mail",
            ("$now", SqliteFile.ToMicroseconds(now)), ("$mail", mail));
        await store.ExecuteNonQueryAsync(cancel);
    }
}
