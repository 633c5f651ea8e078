using System.Data.Common;
using AuctionTracker.Core.Bids;
using AuctionTracker.Storage;

namespace AuctionTracker.Records;

/// <summary>Reads a bid from a row of nine columns, in the order of the table; times are microseconds since 1970-01-01 UTC.</summary>
public static class BidRow
{
    /// <summary>Reads the current row of a reader.</summary>
    /// <param name="row">The reader.</param>
    /// <param name="amount">The amount of the row, which databases keep in different types.</param>
    public static RecordedBid Read(DbDataReader row, decimal amount) => new(
        row.GetString(0),
        new Bid(
            row.GetString(1), amount, SqliteFile.FromMicroseconds(row.GetInt64(3)), row.GetString(4), row.GetString(5), row.GetString(6),
            row.IsDBNull(7) ? null : row.GetString(7)),
        SqliteFile.FromMicroseconds(row.GetInt64(8)));
}
