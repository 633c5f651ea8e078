using System.Diagnostics.CodeAnalysis;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Messages;

namespace AuctionTracker.Sales.Live;

/// <summary>How much of an item is in stock. Immutable.</summary>
/// <param name="Item">The item's name, as in its queue.</param>
/// <param name="Quantity">What is in stock.</param>
/// <param name="Change">The number of the change that led to it: of two levels, the one with the higher number is the newer.</param>
public sealed record StockLevel(string Item, long Quantity, long Change)
{
    /// <summary>Reads the level that a message about a settled sale or about stock tells. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="level">The level, when the result is <see langword="true"/>.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out StockLevel? level) => SaleJson.TryRead(
        body,
        root => new StockLevel(
            AuctionTopology.NameOf(SaleJson.Text(root, "item")), root.GetProperty("stock").GetInt64(), root.GetProperty("stock_change").GetInt64()),
        out level,
        out _);
}
