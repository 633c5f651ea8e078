using System.Globalization;
using System.Text;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>An alert as a row of the outbox.</summary>
internal static class AlertTable
{
    private const string Columns = "message_id, kind, figure, time, bid, reason, entries";

    /// <summary>Adds alerts in one transaction; one that is there already is left as it is.</summary>
    /// <returns>How many are new.</returns>
    public static async Task<int> InsertAsync(
        SqliteTransaction transaction, IReadOnlyList<Alert> alerts, Func<Alert, string> group, DateTimeOffset now, CancellationToken cancel)
    {
        using var insert = SqliteFile.Command(
            transaction,
            $"""
            INSERT INTO alerts ({Columns}, name, added) VALUES ($id, $kind, $figure, $time, $bid, $reason, $entries, $name, $added)
            ON CONFLICT DO NOTHING
            """,
            ("$id", ""), ("$kind", ""), ("$figure", ""), ("$time", 0), ("$bid", ""), ("$reason", ""), ("$entries", ""), ("$name", ""),
            ("$added", SqliteFile.Microseconds(now)));
        var added = 0;
        foreach (var alert in alerts)
        {
            Set("$id", alert.MessageId);
            Set("$kind", alert.Kind.ToString());
            Set("$figure", alert.Figure.ToString(CultureInfo.InvariantCulture));
            Set("$time", SqliteFile.Microseconds(alert.Time));
            Set("$bid", alert.Bid is { } bid ? Encoding.UTF8.GetString(BidJson.Write(bid)) : DBNull.Value);
            Set("$reason", (object?)alert.Reason ?? DBNull.Value);
            Set("$entries", JsonSerializer.Serialize(alert.Window));
            Set("$name", group(alert));
            added += await insert.ExecuteNonQueryAsync(cancel);
        }

        void Set(string name, object value) => insert.Parameters[name].Value = value;

        return added;
    }

    /// <summary>The alerts of a mail, in their order; of very many, those with the highest bids.</summary>
    /// <returns>Those that can be read, and what is wrong with the others, or <see langword="null"/> where there are none.</returns>
    public static async Task<(List<Alert> Alerts, string? Damage)> ReadAsync(SqliteTransaction transaction, long mail, int most, CancellationToken cancel)
    {
        string? damage = null;
        var alerts = await SqliteFile.ReadAsync(
            transaction,
            $"""
            SELECT {Columns} FROM
                (SELECT * FROM alerts WHERE mail = $mail ORDER BY bid IS NOT NULL, iif(json_valid(bid), bid ->> '$.bid_amount', 0) DESC LIMIT $most)
            ORDER BY id
            """,
            row =>
            {
                try
                {
                    return Read(row);
                }
                catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or JsonException)
                {
                    damage = e.Message;
                    return null;
                }
            },
            cancel, ("$mail", mail), ("$most", most));
        return ([.. alerts.OfType<Alert>()], damage);
    }

    private static Alert Read(SqliteDataReader row)
    {
        Bid? bid = null;
        if (!row.IsDBNull(4) && !BidJson.TryRead(Encoding.UTF8.GetBytes(row.GetString(4)), out bid, out var reason))
        {
            throw new FormatException(reason);
        }

        var time = bid?.Timestamp ?? SqliteFile.Time(row.GetInt64(3));
        return new Alert(row.GetString(0), Enum.Parse<AlertKind>(row.GetString(1)), time, decimal.Parse(row.GetString(2), CultureInfo.InvariantCulture))
        {
            Bid = bid,
            Reason = row.IsDBNull(5) ? null : row.GetString(5),
            Window = JsonSerializer.Deserialize<List<WindowEntry>>(row.GetString(6)) ?? [],
        };
    }
}
