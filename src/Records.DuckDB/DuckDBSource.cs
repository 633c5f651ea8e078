using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace AuctionTracker.Records.DuckDB;

/// <summary>Reads the record of a DuckDB file. Meanwhile no other program can write it.</summary>
/// <param name="path">The path of the file.</param>
public sealed class DuckDBSource(string path) : IBidSource
{
    private const string Select =
        """
        SELECT message_id, bidder_id, bid_amount, epoch_us(timestamp), item, bidder_name, bidder_email, auction_id, epoch_us(received_at)
        FROM bids ORDER BY message_id
        """;

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedBid> ReadByIdAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = await DuckDBFile.OpenAsync(path, isReadOnly: true, cancel);
        await using var select = connection.CreateCommand();
        (select.CommandText, select.UseStreamingMode) = (Select, true);
        await using var rows = await TryAsync(() => select.ExecuteReaderAsync(cancel));
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
        catch (DuckDBException e)
        {
            throw DuckDBFile.Unusable(path, e);
        }
    }
}
