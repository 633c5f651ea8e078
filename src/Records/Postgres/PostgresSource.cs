using System.Runtime.CompilerServices;
using Npgsql;

namespace AuctionTracker.Records.Postgres;

/// <summary>Reads the record of a PostgreSQL database, row by row.</summary>
/// <param name="address">The database.</param>
public sealed class PostgresSource(PostgresAddress address) : IBidSource
{
    private const string Select =
        """
        SELECT message_id, bidder_id, bid_amount, (extract(epoch FROM timestamp) * 1000000)::bigint, item, bidder_name, bidder_email, auction_id,
            (extract(epoch FROM received_at) * 1000000)::bigint
        FROM bids ORDER BY message_id COLLATE "C"
        """;

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedBid> ReadByIdAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await using var select = new NpgsqlCommand(Select, connection) { CommandTimeout = 0 };
        await using var rows = await TryAsync(async () =>
        {
            await connection.OpenAsync(cancel);
            return await select.ExecuteReaderAsync(cancel);
        });
        while (await TryAsync(() => rows.ReadAsync(cancel)))
        {
            yield return BidRow.Read(rows, rows.GetDecimal(2));
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (NpgsqlException e)
        {
            throw new IOException($"PostgreSQL ({address}) can't be read: {PostgresErrors.Describe(e)}", e);
        }
    }
}
