using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>The groups of alerts that share mails, as the outbox has them.</summary>
internal static class GroupTable
{
    /// <summary>The groups with alerts that are in no mail yet, oldest first.</summary>
    public static Task<List<PendingGroup>> ReadOpenAsync(SqliteTransaction transaction, CancellationToken cancel) => SqliteFile.ReadAsync(
        transaction,
        """
        SELECT open.name, min(added), mailed, count(*)
        FROM alerts AS open LEFT JOIN groups ON groups.name = open.name WHERE mail IS NULL GROUP BY open.name ORDER BY min(id)
        """,
        row => new PendingGroup(row.GetString(0), SqliteFile.Time(row.GetInt64(1)), row.IsDBNull(2) ? null : SqliteFile.Time(row.GetInt64(2)))
        {
            Count = row.GetInt32(3),
        }, cancel);

    /// <summary>Remembers when the groups of a mail had it.</summary>
    public static async Task RememberAsync(SqliteTransaction transaction, long mail, DateTimeOffset now, CancellationToken cancel)
    {
        using var remember = SqliteFile.Command(
            transaction, "INSERT OR REPLACE INTO groups (name, mailed) SELECT DISTINCT name, $now FROM alerts WHERE mail = $mail",
            ("$now", SqliteFile.Microseconds(now)), ("$mail", mail));
        await remember.ExecuteNonQueryAsync(cancel);
    }
}
