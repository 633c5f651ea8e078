using System.Data.Common;
using System.Globalization;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.Statistics;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Live;

/// <summary>Reads what the databases of Auctioneer and Settlement hold, row by row, into live figures.</summary>
public static class SalesHistory
{
    /// <summary>Adds the closed auctions.</summary>
    /// <param name="auctions">The database of Auctioneer.</param>
    /// <param name="sales">Gets them.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <returns>The number of auctions.</returns>
    /// <exception cref="IOException">The database can't be read, or has a damaged row; what was read before is added.</exception>
    public static Task<int> ReadAuctionsAsync(IDatabase auctions, LiveSales sales, DateTimeOffset now, CancellationToken cancel) => ReadAsync(
        auctions,
        "SELECT auction_id, item, highest_amount, sold, bidder_name, closed FROM auctions ORDER BY closed",
        row => sales.Add(
            new AuctionResult(
                row.GetString(0), row.GetString(1), Amount(row, 2), row.GetInt64(3) != 0, row.GetInt64(3) != 0 ? row.GetString(4) : null,
                SqliteFile.FromMicroseconds(row.GetInt64(5))),
            now),
        cancel);

    /// <summary>Adds the settled sales and the stock.</summary>
    /// <param name="settlements">The database of Settlement.</param>
    /// <param name="sales">Gets them.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <returns>The number of sales.</returns>
    /// <exception cref="IOException">The database can't be read, or has a damaged row; what was read before is added.</exception>
    public static async Task<int> ReadSettlementsAsync(IDatabase settlements, LiveSales sales, DateTimeOffset now, CancellationToken cancel)
    {
        (await settlements.InTransactionAsync(
            transaction => Sql.QueryAsync(transaction, SettlementStore.StockLevels, row => SettlementStore.ReadStock(row) with { Time = now }, cancel), cancel))
            .ForEach(level => sales.Set(level, now));
        return await ReadAsync(
            settlements,
            "SELECT auction_id, item, winning_amount, closed, settled FROM sales WHERE settled IS NOT NULL ORDER BY settled",
            row => sales.Add(
                new SettledSale(
                    row.GetString(0), row.GetString(1), Amount(row, 2), SqliteFile.FromMicroseconds(row.GetInt64(3)), SqliteFile.FromMicroseconds(row.GetInt64(4))),
                now),
            cancel);
    }

    private static Task<int> ReadAsync(IDatabase database, string sql, Action<DbDataReader> add, CancellationToken cancel) => database.InTransactionAsync(
        async transaction =>
        {
            await using var command = Sql.CreateCommand(transaction, sql);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var count = 0;
            try
            {
                for (; await rows.ReadAsync(cancel); count++)
                {
                    add(rows);
                }
            }
            catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException or ArgumentOutOfRangeException)
            {
                throw new IOException($"{database.Name} has a damaged row.", e);
            }

            return count;
        }, cancel);

    private static decimal Amount(DbDataReader row, int column) => decimal.Parse(row.GetString(column), CultureInfo.InvariantCulture);
}
