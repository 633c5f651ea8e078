using System.Diagnostics.CodeAnalysis;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Messages;

namespace AuctionTracker.Sales.Live;

/// <summary>How much of an item is in stock. Immutable.</summary>
/// <param name="Item">The item's name, as in its queue.</param>
/// <param name="Quantity">What is in stock.</param>
/// <param name="Change">The number of the change that led to it. Numbers rise, but begin again with a new database.</param>
public sealed record StockLevel(string Item, long Quantity, long Change)
{
    /// <summary>When that was known.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Whether it is newer than another level of the item, or the same.</summary>
    /// <param name="other">The other level.</param>
    public bool IsNewerThan(StockLevel other) => Change >= other.Change || Time > other.Time;

    /// <summary>Reads the level that a message about a settled sale or about stock tells. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="level">The level, when the result is <see langword="true"/>.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out StockLevel? level) => SaleJson.TryRead(
        body,
        root => new StockLevel(
            AuctionTopology.NameOf(SaleJson.Text(root, "item")), root.GetProperty("stock").GetInt64(), root.GetProperty("stock_change").GetInt64())
        {
            Time = SaleJson.Time(root, root.TryGetProperty("settled", out _) ? "settled" : "time"),
        },
        out level,
        out _);
}
