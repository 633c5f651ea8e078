using System.Runtime.CompilerServices;
using AuctionTracker.Storage;
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
        FROM bids
        """;

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordedBid> ReadByIdAsync(CancellationToken cancel) => ReadAsync($"{Select} ORDER BY message_id COLLATE \"C\"", null, cancel);

    /// <summary>Reads the bids.</summary>
    /// <param name="since">Bids that were received before are left out, and the others come in the order of their arrival. <see langword="null"/>: all bids, in any order.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    public IAsyncEnumerable<RecordedBid> ReadAsync(DateTimeOffset? since, CancellationToken cancel) =>
        ReadAsync(since is null ? Select : $"{Select} WHERE received_at >= $1 ORDER BY received_at", since, cancel);

    private async IAsyncEnumerable<RecordedBid> ReadAsync(string sql, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await using var select = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (since is { } moment)
        {
            select.Parameters.Add(new NpgsqlParameter { Value = moment.UtcDateTime });
        }

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
