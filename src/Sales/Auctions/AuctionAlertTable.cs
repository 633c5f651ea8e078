using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Sales.Messages;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Auctions;

/// <summary>Reads and writes the table <c>auctioneer_alerts</c>: closed auctions whose alert is not stored elsewhere yet.</summary>
internal static class AuctionAlertTable
{
    /// <summary>Adds an auction, in the transaction that closes it.</summary>
    public static Task<int> InsertAsync(DbTransaction transaction, ClosedAuction auction, CancellationToken cancel) => Sql.ExecuteAsync(
        transaction, "INSERT INTO auctioneer_alerts VALUES (@auction, @prices)", cancel,
        ("@auction", auction.AuctionId), ("@prices", SaleJson.Object(json => SaleJson.WritePrices(json, auction.Prices))));

    /// <summary>Reads the auctions that closed first.</summary>
    public static Task<List<ClosedAuction>> ReadAsync(DbTransaction transaction, int count, CancellationToken cancel) => Sql.QueryAsync(
        transaction,
        $"""
        SELECT auction_id, item, closes, closed, bids, bidders, opening_amount, highest_amount, highest_time, bidder_id, bidder_name, bidder_email, prices
        FROM auctioneer_alerts JOIN auctions USING (auction_id) ORDER BY closed, closes, auction_id LIMIT {count}
        """,
        Read, cancel);

    /// <summary>Deletes auctions, at least one.</summary>
    public static Task<int> DeleteAsync(DbTransaction transaction, IEnumerable<ClosedAuction> auctions, CancellationToken cancel)
    {
        var (names, values) = Sql.ListOf(auctions.Select(auction => auction.AuctionId));
        return Sql.ExecuteAsync(transaction, $"DELETE FROM auctioneer_alerts WHERE auction_id IN ({names})", cancel, values);
    }

    private static ClosedAuction Read(DbDataReader row)
    {
        using var prices = JsonDocument.Parse(row.GetFieldValue<byte[]>(12));
        var (id, item, closes) = (row.GetString(0), row.GetString(1), SqliteFile.FromMicroseconds(row.GetInt64(2)));
        decimal? opening = row.IsDBNull(6) ? null : Amount(row.GetString(6));
        return new ClosedAuction(
            id, item, closes, SqliteFile.FromMicroseconds(row.GetInt64(3)), opening,
            new Bid(
                row.GetString(9), Amount(row.GetString(7)), SqliteFile.FromMicroseconds(row.GetInt64(8)), item, row.GetString(10), row.GetString(11), id)
            {
                AuctionCloses = closes,
                AuctionOpening = opening,
            },
            row.GetInt32(4), row.GetInt32(5), SaleJson.ReadPrices(prices.RootElement.GetProperty("prices")));
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
