using System.Globalization;
using AuctionTracker.Alerts.Rules;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>Reads and writes the table <c>highs</c> of high-water marks.</summary>
internal static class HighWaterMarkTable
{
    public static async Task<int> RestoreAsync(SqliteTransaction transaction, HighWaterMarks marks, CancellationToken cancel)
    {
        var rows = await Sql.QueryAsync(
            transaction, "SELECT name, amount FROM highs ORDER BY raised DESC LIMIT $limit",
            row => (Name: row.GetString(0), Amount: row.GetString(1)), cancel, ("$limit", HighWaterMarks.Capacity));
        foreach (var (name, text) in rows)
        {
            // Skips a damaged mark: its name starts without one.
            if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount))
            {
                marks.Restore(name, amount);
            }
        }

        return rows.Count;
    }

    /// <summary>Stores changed marks. Does not lower a mark that another program has stored.</summary>
    public static async Task StoreAsync(
        SqliteTransaction transaction, IReadOnlyDictionary<string, decimal> changes, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var (name, amount) in changes)
        {
            using var store = Sql.CreateCommand(
                transaction,
                """
                INSERT INTO highs (name, amount, raised) VALUES ($name, $amount, $now)
                ON CONFLICT DO UPDATE SET amount = excluded.amount, raised = excluded.raised
                WHERE CAST(excluded.amount AS REAL) > CAST(amount AS REAL)
                """,
                ("$name", name), ("$amount", amount.ToString(CultureInfo.InvariantCulture)), ("$now", SqliteFile.ToMicroseconds(now)));
            await store.ExecuteNonQueryAsync(cancel);
        }
    }
}
