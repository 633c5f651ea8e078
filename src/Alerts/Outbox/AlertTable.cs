using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>Reads and writes the table <c>alerts</c>.</summary>
internal static class AlertTable
{
    private const string Columns = "message_id, kind, figure, time, bid, reason, entries, bids, bidders";

    /// <summary>Inserts alerts. An alert that exists is not changed.</summary>
    /// <returns>The number of new alerts.</returns>
    public static async Task<int> InsertAsync(
        SqliteTransaction transaction, IReadOnlyList<Alert> alerts, Func<Alert, string> group, DateTimeOffset now, CancellationToken cancel)
    {
        using var insert = Sql.CreateCommand(
            transaction,
            $"""
            INSERT INTO alerts ({Columns}, name, added) VALUES ($id, $kind, $figure, $time, $bid, $reason, $entries, $bids, $bidders, $name, $added)
            ON CONFLICT DO NOTHING
            """,
            ("$id", ""), ("$kind", ""), ("$figure", ""), ("$time", 0), ("$bid", ""), ("$reason", ""), ("$entries", ""), ("$bids", null), ("$bidders", null), ("$name", ""),
            ("$added", SqliteFile.ToMicroseconds(now)));
        var added = 0;
        foreach (var alert in alerts)
        {
            Set("$id", alert.MessageId);
            Set("$kind", alert.Kind.ToString());
            Set("$figure", alert.Baseline.ToString(CultureInfo.InvariantCulture));
            Set("$time", SqliteFile.ToMicroseconds(alert.Time));
            Set("$bid", alert.Bid is { } bid ? Encoding.UTF8.GetString(BidJson.Write(bid)) : DBNull.Value);
            Set("$reason", (object?)alert.Reason ?? DBNull.Value);
            Set("$entries", JsonSerializer.Serialize(alert.Window));
            Set("$bids", (object?)alert.Auction?.Bids ?? DBNull.Value);
            Set("$bidders", (object?)alert.Auction?.Bidders ?? DBNull.Value);
            Set("$name", group(alert));
            added += await insert.ExecuteNonQueryAsync(cancel);
        }

        void Set(string name, object value) => insert.Parameters[name].Value = value;

        return added;
    }

    /// <summary>Reads the alerts of a mail in the order of their insertion; if there are more than a limit, those with the highest bids.</summary>
    /// <returns>The alerts that can be read, and the error of another one; <see langword="null"/> if all can be read.</returns>
    public static async Task<(List<Alert> Alerts, string? Error)> ReadAsync(SqliteTransaction transaction, long mail, int limit, CancellationToken cancel)
    {
        string? error = null;
        var alerts = await Sql.QueryAsync(
            transaction,
            $"""
            SELECT {Columns} FROM
                (SELECT * FROM alerts WHERE mail = $mail ORDER BY bid IS NOT NULL, iif(json_valid(bid), bid ->> '$.bid_amount', 0) DESC LIMIT $limit)
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
                    error = e.Message;
                    return null;
                }
            },
            cancel, ("$mail", mail), ("$limit", limit));
        return ([.. alerts.OfType<Alert>()], error);
    }

    private static Alert Read(DbDataReader row)
    {
        Bid? bid = null;
        if (!row.IsDBNull(4) && !BidJson.TryRead(Encoding.UTF8.GetBytes(row.GetString(4)), out bid, out var reason))
        {
            throw new FormatException(reason);
        }

        var auction = row.IsDBNull(7) ? null : new AuctionTotals(row.GetInt32(7), row.GetInt32(8));
        var time = auction is null && bid is not null ? bid.Timestamp : SqliteFile.FromMicroseconds(row.GetInt64(3));
        return new Alert(row.GetString(0), Enum.Parse<AlertKind>(row.GetString(1)), time, decimal.Parse(row.GetString(2), CultureInfo.InvariantCulture))
        {
            Bid = bid,
            Auction = auction,
            Reason = row.IsDBNull(5) ? null : row.GetString(5),
            Window = JsonSerializer.Deserialize<List<WindowEntry>>(row.GetString(6)) ?? [],
        };
    }
}
