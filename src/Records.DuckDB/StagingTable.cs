using AuctionTracker.Storage;
using DuckDB.NET.Data;

namespace AuctionTracker.Records.DuckDB;

/// <summary>
/// A temporary table that bids are appended to. The appender is the fast way into DuckDB, but knows no ON CONFLICT; it takes times as
/// numbers, without a detour over text.
/// </summary>
internal static class StagingTable
{
    public const string Create =
        """
        CREATE TEMP TABLE staging (
            message_id VARCHAR, bidder_id VARCHAR, bid_amount DECIMAL(18,4), timestamp BIGINT, item VARCHAR, bidder_name VARCHAR,
            bidder_email VARCHAR, auction_id VARCHAR, received_at BIGINT);
        """;

    public const string Select =
        """
        SELECT message_id, bidder_id, bid_amount, make_timestamptz(timestamp) AS timestamp, item, bidder_name, bidder_email, auction_id,
            make_timestamptz(received_at) AS received_at
        FROM staging
        """;

    public static void Append(DuckDBConnection connection, IEnumerable<RecordedBid> bids)
    {
        using var appender = connection.CreateAppender("temp", "main", "staging");
        foreach (var (id, bid, received) in bids.Select(b => (b.MessageId, b.Bid, b.ReceivedAt)))
        {
            appender.CreateRow()
                .AppendValue(id).AppendValue(bid.BidderId).AppendValue(bid.Amount).AppendValue(SqliteFile.ToMicroseconds(bid.Timestamp))
                .AppendValue(bid.Item).AppendValue(bid.BidderName).AppendValue(bid.BidderEmail).AppendValue(bid.AuctionId)
                .AppendValue(SqliteFile.ToMicroseconds(received)).EndRow();
        }
    }

    public static int Execute(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
