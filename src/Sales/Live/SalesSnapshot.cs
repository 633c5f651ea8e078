using AuctionTracker.Core.Live;

namespace AuctionTracker.Sales.Live;

/// <summary>The figures of sales at a moment. Immutable, so any number of readers share it.</summary>
/// <param name="Time">The moment.</param>
/// <param name="Timeline">The points of the charts.</param>
public sealed record SalesSnapshot(DateTimeOffset Time, Timeline Timeline)
{
    /// <summary>The items, the highest total first.</summary>
    public required IReadOnlyList<ItemSalesRow> Items { get; init; }

    /// <summary>The stock of each item whose stock is known, by its name.</summary>
    public required IReadOnlyList<StockLevel> Stock { get; init; }

    /// <summary>The points of the charts, the oldest first. The last one is not over.</summary>
    public required IReadOnlyList<SalesPoint> Points { get; init; }

    /// <summary>The auctions that closed last, the oldest first.</summary>
    public required IReadOnlyList<LastResult> Last { get; init; }

    /// <summary>The median time from closing to settling, of all settled sales, in seconds; 0 without one.</summary>
    public required decimal MedianSeconds { get; init; }

    /// <summary>The time that 99 % of them do not exceed, in seconds; 0 without one.</summary>
    public required decimal P99Seconds { get; init; }

    /// <summary>Whether these two are exact; otherwise they are within 1 %.</summary>
    public required bool HasExactTimes { get; init; }

    /// <summary>The number of auctions that were sold.</summary>
    public long Sold => Items.Sum(item => item.Sold);

    /// <summary>The number of auctions that were not sold.</summary>
    public long Unsold => Items.Sum(item => item.Unsold);

    /// <summary>The number of sales that are settled.</summary>
    public long Settled => Items.Sum(item => item.Settled);

    /// <summary>The sum of the winning bids.</summary>
    public decimal Total => Items.Sum(item => item.Total);

    /// <summary>The highest winning bid; 0 without sales.</summary>
    public decimal Highest => Items.Count == 0 ? 0 : Items.Max(item => item.Highest);
}

/// <summary>The sales of an item. Immutable.</summary>
/// <param name="Item">The item. Untrusted text.</param>
public sealed record ItemSalesRow(string Item)
{
    /// <summary>The number of auctions that were sold.</summary>
    public long Sold { get; init; }

    /// <summary>The number of auctions that were not.</summary>
    public long Unsold { get; init; }

    /// <summary>The number of sales that are settled.</summary>
    public long Settled { get; init; }

    /// <summary>The sum of the winning bids.</summary>
    public decimal Total { get; init; }

    /// <summary>The highest winning bid; 0 without sales.</summary>
    public decimal Highest { get; init; }

    /// <summary>The mean of the winning bids; 0 without sales.</summary>
    public decimal Mean => Sold == 0 ? 0 : Total / Sold;
}

/// <summary>A point of the charts.</summary>
/// <param name="Opens">When its time begins.</param>
/// <param name="Sold">The auctions that closed in it and were sold.</param>
/// <param name="Unsold">The auctions that closed in it and were not.</param>
/// <param name="Settled">The sales that were settled in it.</param>
/// <param name="MedianSeconds">The median time from closing to settling of these; 0 without one.</param>
/// <param name="LongestSeconds">The longest such time.</param>
public readonly record struct SalesPoint(DateTimeOffset Opens, int Sold, int Unsold, int Settled, decimal MedianSeconds, decimal LongestSeconds);

/// <summary>One of the auctions that closed last.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Settled">When its sale was settled; <see langword="null"/> if it was not yet.</param>
public sealed record LastResult(AuctionResult Result, DateTimeOffset? Settled);
