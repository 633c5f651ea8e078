using System.Runtime.CompilerServices;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Records.Sqlite;

/// <summary>Reads the record of a SQLite file, which another program may write meanwhile.</summary>
/// <param name="path">The path of the file.</param>
public sealed class SqliteSource(string path) : IBidSource
{
    private const string Select = "SELECT message_id, bidder_id, bid_amount, timestamp, item, bidder_name, bidder_email, auction_id, received_at FROM bids";

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordedBid> ReadByIdAsync(CancellationToken cancel) => ReadAsync($"{Select} ORDER BY message_id", null, cancel);

    /// <summary>Reads the bids.</summary>
    /// <param name="since">Bids that were received before are left out, and the others come in the order of their arrival. <see langword="null"/>: all bids, in any order.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    public IAsyncEnumerable<RecordedBid> ReadAsync(DateTimeOffset? since, CancellationToken cancel) => since is { } moment
        ? ReadAsync($"{Select} WHERE received_at >= $since ORDER BY received_at", SqliteFile.ToMicroseconds(moment), cancel)
        : ReadAsync(Select, null, cancel);

    private async IAsyncEnumerable<RecordedBid> ReadAsync(string sql, long? since, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await using var select = connection.CreateCommand();
        select.CommandText = sql;
        if (since is not null)
        {
            select.Parameters.AddWithValue("$since", since);
        }

        await using var rows = await TryAsync(async () =>
        {
            await connection.OpenAsync(cancel);
            return await select.ExecuteReaderAsync(cancel);
        });
        while (await TryAsync(() => rows.ReadAsync(cancel)))
        {
            yield return BidRow.Read(rows, BidSchema.FromTenThousandths(rows.GetInt64(2)));
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (SqliteException e)
        {
            throw new IOException($"{path} can't be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
