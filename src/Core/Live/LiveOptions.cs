namespace AuctionTracker.Core.Live;

/// <summary>What live figures show. Immutable.</summary>
/// <param name="Threshold">A bid strictly above it is high; <see langword="null"/>: none is.</param>
public sealed record LiveOptions(decimal? Threshold)
{
    /// <summary>The time that the charts show; 10 minutes by default.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The time without a bid after which an item is stalled; 60 seconds by default.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The number of bids of an item's rolling mean; 5 by default.</summary>
    public int RollingSize { get; init; } = 5;

    /// <summary>The number of bidders, of auctions and of different amounts up to which figures are exact; 100,000 by default.</summary>
    public int ExactBound { get; init; } = 100_000;

    /// <summary>The number of items that have figures of their own; 1,000 by default. Further ones share the row <see cref="OtherItems"/>.</summary>
    public int MaxItems { get; init; } = 1_000;

    /// <summary>The name of the row of items beyond <see cref="MaxItems"/>.</summary>
    public const string OtherItems = "(other items)";
}
