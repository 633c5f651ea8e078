using AuctionTracker.Storage;
using DuckDB.NET.Data;

namespace AuctionTracker.Records.DuckDB;

/// <summary>
/// Keeps bids in the table <c>bids</c> of a DuckDB file, a batch in a transaction. The file is open only while a batch is written, because
/// DuckDB lets no other process in meanwhile; so batches should be large.
/// </summary>
public sealed class DuckDBSink : IBidSink
{
    private const string CreateTable =
        """
        CREATE TABLE IF NOT EXISTS bids (
            message_id VARCHAR PRIMARY KEY,
            bidder_id VARCHAR NOT NULL,
            bid_amount DECIMAL(18,4) NOT NULL,
            timestamp TIMESTAMPTZ NOT NULL,
            item VARCHAR NOT NULL,
            bidder_name VARCHAR NOT NULL,
            bidder_email VARCHAR NOT NULL,
            auction_id VARCHAR,
            received_at TIMESTAMPTZ NOT NULL
        );
        """;

    /// <summary>The appender is the fast way in, but knows no ON CONFLICT; and it takes times as numbers without a detour over text.</summary>
    private const string CreateStaging =
        """
        CREATE TEMP TABLE staging (
            message_id VARCHAR, bidder_id VARCHAR, bid_amount DECIMAL(18,4), timestamp BIGINT, item VARCHAR, bidder_name VARCHAR,
            bidder_email VARCHAR, auction_id VARCHAR, received_at BIGINT);
        """;

    private const string Insert =
        """
        INSERT INTO bids SELECT message_id, bidder_id, bid_amount, make_timestamptz(timestamp), item, bidder_name, bidder_email, auction_id,
            make_timestamptz(received_at)
        FROM staging ON CONFLICT DO NOTHING
        """;

    private DuckDBSink(string path) => Description = path;

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>Creates the file and its table if they are missing.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be used, or another program has it open. The message names it.</exception>
    public static async Task<DuckDBSink> OpenAsync(string path, CancellationToken cancel)
    {
        var sink = new DuckDBSink(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await sink.UseAsync(connection => Execute(connection, CreateTable), cancel);
        return sink;
    }

    /// <inheritdoc/>
    public Task<int> WriteAsync(IReadOnlyList<RecordedBid> bids, CancellationToken cancel) => UseAsync(
        connection =>
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, CreateTable + CreateStaging);
            using (var appender = connection.CreateAppender("temp", "main", "staging"))
            {
                foreach (var (id, bid, received) in bids.DistinctBy(b => b.MessageId).Select(b => (b.MessageId, b.Bid, b.ReceivedAt)))
                {
                    appender.CreateRow()
                        .AppendValue(id).AppendValue(bid.BidderId).AppendValue(bid.Amount).AppendValue(SqliteFile.ToMicroseconds(bid.Timestamp))
                        .AppendValue(bid.Item).AppendValue(bid.BidderName).AppendValue(bid.BidderEmail).AppendValue(bid.AuctionId)
                        .AppendValue(SqliteFile.ToMicroseconds(received)).EndRow();
                }
            }

            var added = Execute(connection, Insert);
            transaction.Commit();
            return added;
        }, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens the file, uses it on a thread of the pool, because DuckDB's calls are synchronous, and closes it.</summary>
    private Task<int> UseAsync(Func<DuckDBConnection, int> work, CancellationToken cancel) => Task.Run(
        async () =>
        {
            await using var connection = await DuckDBFile.OpenAsync(Description, isReadOnly: false, cancel);
            try
            {
                return work(connection);
            }
            catch (DuckDBException e)
            {
                throw DuckDBFile.Unusable(Description, e);
            }
        }, cancel);

    private static int Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
