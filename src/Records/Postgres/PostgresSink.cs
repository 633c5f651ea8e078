using AuctionTracker.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AuctionTracker.Records.Postgres;

/// <summary>
/// Keeps bids in the table <c>bids</c> of a PostgreSQL database, a batch in a transaction. Rows go in in the order of their key, so that
/// several writers cannot block one another for ever. A lost connection is opened anew at the next write.
/// </summary>
public sealed class PostgresSink : IBidSink
{
    private const string Insert =
        """
        INSERT INTO bids (message_id, bidder_id, bid_amount, timestamp, item, bidder_name, bidder_email, auction_id, received_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS batch (message_id) ORDER BY message_id COLLATE "C" ON CONFLICT DO NOTHING
        """;

    private readonly NpgsqlDataSource _source;

    private PostgresSink(NpgsqlDataSource source, string description) => (_source, Description) = (source, description);

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>Connects; creates the table and its indexes if they are missing.</summary>
    /// <param name="address">The database.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be reached or used, or has another table of that name. The message names it.</exception>
    public static async Task<PostgresSink> OpenAsync(PostgresAddress address, CancellationToken cancel)
    {
        var sink = new PostgresSink(NpgsqlDataSource.Create(address.ConnectionString), address.Description);
        try
        {
            await sink.UseAsync(connection => BidTable.EnsureAsync(connection, cancel), cancel);
            return sink;
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<int> WriteAsync(IReadOnlyList<RecordedBid> bids, CancellationToken cancel) => UseAsync(
        async connection =>
        {
            await using var insert = new NpgsqlCommand(Insert, connection)
            {
                Parameters =
                {
                    Column(NpgsqlDbType.Text, b => b.MessageId),
                    Column(NpgsqlDbType.Text, b => b.Bid.BidderId),
                    Column(NpgsqlDbType.Numeric, b => b.Bid.Amount),
                    Column(NpgsqlDbType.TimestampTz, b => b.Bid.Timestamp.UtcDateTime),
                    Column(NpgsqlDbType.Text, b => b.Bid.Item),
                    Column(NpgsqlDbType.Text, b => b.Bid.BidderName),
                    Column(NpgsqlDbType.Text, b => b.Bid.BidderEmail),
                    Column(NpgsqlDbType.Text, b => b.Bid.AuctionId),
                    Column(NpgsqlDbType.TimestampTz, b => b.ReceivedAt.UtcDateTime),
                },
            };
            await insert.PrepareAsync(cancel);
            return await insert.ExecuteNonQueryAsync(cancel);

            NpgsqlParameter Column<T>(NpgsqlDbType type, Func<RecordedBid, T> value) =>
                new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = bids.Select(value).ToArray() };
        }, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancel);
            return await work(connection);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new IOException($"PostgreSQL ({Description}) can't be used: {PostgresErrors.Describe(e)}", e);
        }
    }
}
