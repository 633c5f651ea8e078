using System.Globalization;
using AuctionTracker.Alerts.Rules;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>A highest amount so far as a row of the outbox.</summary>
internal static class HighWaterMarkTable
{
    public static async Task<int> RestoreAsync(SqliteTransaction transaction, HighWaterMarks highs, CancellationToken cancel)
    {
        var rows = await SqliteFile.ReadAsync(
            transaction, "SELECT name, amount FROM highs ORDER BY raised DESC LIMIT $names",
            row => (Name: row.GetString(0), Amount: row.GetString(1)), cancel, ("$names", HighWaterMarks.Names));
        foreach (var (name, text) in rows)
        {
            // A damaged one begins anew, as one that was forgotten.
            if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount))
            {
                highs.Restore(name, amount);
            }
        }

        return rows.Count;
    }

    /// <summary>Keeps what changed; a higher amount that another program kept stays.</summary>
    public static async Task KeepAsync(SqliteTransaction transaction, HighWaterMarks highs, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var (name, amount) in highs.Changed)
        {
            using var keep = SqliteFile.Command(
                transaction,
                """
                INSERT INTO highs (name, amount, raised) VALUES ($name, $amount, $now)
                ON CONFLICT DO UPDATE SET amount = excluded.amount, raised = excluded.raised
                WHERE CAST(excluded.amount AS REAL) > CAST(amount AS REAL)
                """,
                ("$name", name), ("$amount", amount.ToString(CultureInfo.InvariantCulture)), ("$now", SqliteFile.Microseconds(now)));
            await keep.ExecuteNonQueryAsync(cancel);
        }
    }
}
