using System.Runtime.CompilerServices;
using AuctionTracker.Storage;

namespace AuctionTracker.Records.Sqlite;

/// <summary>Reads the record of a SQLite file, which another program may write meanwhile.</summary>
/// <param name="path">The path of the file.</param>
public sealed class SqliteSource(string path) : IBidSource
{
    private const string Select = "SELECT message_id, bidder_id, bid_amount, timestamp, item, bidder_name, bidder_email, auction_id, received_at FROM bids";

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordedBid> ReadByIdAsync(CancellationToken cancel) => ReadAsync($"{Select} ORDER BY message_id", [], cancel);

    /// <summary>Reads the bids.</summary>
    /// <param name="since">Bids that were received before are left out, and the others come in the order of their arrival. <see langword="null"/>: all bids, in any order.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    public IAsyncEnumerable<RecordedBid> ReadAsync(DateTimeOffset? since, CancellationToken cancel) => since is { } moment
        ? ReadAsync($"{Select} WHERE received_at >= $since ORDER BY received_at", [("$since", SqliteFile.ToMicroseconds(moment))], cancel)
        : ReadAsync(Select, [], cancel);

    private async IAsyncEnumerable<RecordedBid> ReadAsync(
        string sql, (string Name, object Value)[] values, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var reader = await SqliteReader.OpenAsync(path, mayBeAtRest: false, cancel);
        await foreach (var row in reader.QueryAsync(sql, values, cancel))
        {
            yield return BidRow.Read(row, BidSchema.FromTenThousandths(row.GetInt64(2)));
        }
    }
}
