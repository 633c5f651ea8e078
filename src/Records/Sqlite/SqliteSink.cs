using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Records.Sqlite;

/// <summary>Keeps bids in a table of a SQLite file, a batch in a transaction. <see cref="BidSchema"/> has the table.</summary>
public sealed class SqliteSink : IBidSink
{
    private readonly SqliteFile _file;

    private SqliteSink(SqliteFile file) => _file = file;

    /// <inheritdoc/>
    public string Description => _file.Path;

    /// <summary>Opens the file; creates it if it is missing.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be used. The message names it.</exception>
    public static async Task<SqliteSink> OpenAsync(string path, CancellationToken cancel) =>
        new(await SqliteFile.OpenAsync(path, BidSchema.Versions, cancel));

    /// <inheritdoc/>
    public Task<int> WriteAsync(IReadOnlyList<RecordedBid> bids, CancellationToken cancel) =>
        // SQLite's calls are synchronous: they have a thread of the pool to themselves.
        Task.Run(() => _file.InTransactionAsync(transaction => InsertAsync(transaction, bids, cancel), cancel), CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static async Task<int> InsertAsync(SqliteTransaction transaction, IReadOnlyList<RecordedBid> bids, CancellationToken cancel)
    {
        using var insert = Sql.CreateCommand(
            transaction,
            """
            INSERT INTO bids (message_id, bidder_id, bid_amount, timestamp, item, bidder_name, bidder_email, auction_id, received_at)
            VALUES ($id, $bidder, $amount, $time, $item, $name, $email, $auction, $received) ON CONFLICT DO NOTHING
            """,
            ("$id", ""), ("$bidder", ""), ("$amount", 0L), ("$time", 0L), ("$item", ""), ("$name", ""), ("$email", ""), ("$auction", ""), ("$received", 0L));
        SqliteParameter[] values = [.. insert.Parameters.Cast<SqliteParameter>()];
        var added = 0;
        foreach (var (id, bid, received) in bids.Select(b => (b.MessageId, b.Bid, b.ReceivedAt)))
        {
            object[] row =
            [
                id, bid.BidderId, BidSchema.ToTenThousandths(bid.Amount), SqliteFile.ToMicroseconds(bid.Timestamp), bid.Item,
                bid.BidderName, bid.BidderEmail, (object?)bid.AuctionId ?? DBNull.Value, SqliteFile.ToMicroseconds(received),
            ];
            for (var i = 0; i < row.Length; i++)
            {
                values[i].Value = row[i];
            }

            added += await insert.ExecuteNonQueryAsync(cancel);
        }

        return added;
    }
}
