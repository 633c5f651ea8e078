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

    private const string Insert = $"INSERT INTO bids {StagingTable.Select} ON CONFLICT DO NOTHING";

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
        await sink.UseAsync(connection => connection.Execute(CreateTable), cancel);
        return sink;
    }

    /// <inheritdoc/>
    public Task<int> WriteAsync(IReadOnlyList<RecordedBid> bids, CancellationToken cancel) => UseAsync(
        connection =>
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(CreateTable + StagingTable.Create);
            StagingTable.Append(connection, bids.DistinctBy(b => b.MessageId));
            var added = connection.Execute(Insert);
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
}
