using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AuctionTracker.Sales.Messages;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Statistics;

/// <summary>A sale that was settled. Texts are untrusted. Immutable.</summary>
/// <param name="AuctionId">The auction.</param>
/// <param name="Item">What was sold.</param>
/// <param name="Amount">The winning bid.</param>
/// <param name="Closed">When the auction was closed.</param>
/// <param name="Settled">When the sale was settled.</param>
public sealed record SettledSale(string AuctionId, string Item, decimal Amount, DateTimeOffset Closed, DateTimeOffset Settled)
{
    /// <summary>Reads the message that a sale was settled. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sale">The sale, when the result is <see langword="true"/>.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out SettledSale? sale) => SaleJson.TryRead(
        body,
        root => new SettledSale(
            SaleJson.Text(root, "auction_id"), SaleJson.Text(root, "item"), SaleJson.Amount(root, "winning_amount"),
            SaleJson.Time(root, "closed"), SaleJson.Time(root, "settled")),
        out sale,
        out _);

    /// <summary>Reads the sales that were settled since a moment (inclusive), in the order of that time.</summary>
    /// <param name="database">The database of Settlement.</param>
    /// <param name="since">The moment.</param>
    /// <param name="limit">At most so many; the latest ones.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be read.</exception>
    public static async Task<List<SettledSale>> ReadSinceAsync(IDatabase database, DateTimeOffset since, int limit, CancellationToken cancel)
    {
        var latestFirst = await database.InTransactionAsync(
            transaction => Sql.QueryAsync(
                transaction,
                "SELECT auction_id, item, winning_amount, closed, settled FROM sales WHERE settled IS NOT NULL AND settled >= @since ORDER BY settled DESC LIMIT @limit",
                row => new SettledSale(
                    row.GetString(0), row.GetString(1), decimal.Parse(row.GetString(2), CultureInfo.InvariantCulture),
                    SqliteFile.FromMicroseconds(row.GetInt64(3)), SqliteFile.FromMicroseconds(row.GetInt64(4))),
                cancel, ("@since", SqliteFile.ToMicroseconds(since)), ("@limit", limit)), cancel);
        latestFirst.Reverse();
        return latestFirst;
    }
}
