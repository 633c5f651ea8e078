using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Live;

/// <summary>All that a page shows at a moment. Immutable, so any number of readers share it.</summary>
/// <param name="Time">The moment.</param>
/// <param name="Timeline">The points of the charts.</param>
/// <param name="Amounts">The amounts of all bids.</param>
/// <param name="Highest">The highest bid, or <see langword="null"/> without bids.</param>
/// <param name="LastArrival">When the latest bid arrived, or <see langword="null"/> without bids.</param>
public sealed record LiveSnapshot(DateTimeOffset Time, Timeline Timeline, AmountFigures Amounts, Bid? Highest, DateTimeOffset? LastArrival)
{
    /// <summary>Whether all figures are exact.</summary>
    public required bool IsExact { get; init; }

    /// <summary>When the first bid arrived; <see langword="null"/> without bids.</summary>
    public required DateTimeOffset? FirstArrival { get; init; }

    /// <summary>The latest time at which a bid was made, by its own clock; <see langword="null"/> without bids.</summary>
    public required DateTimeOffset? LastMade { get; init; }

    /// <summary>Bids a second now: the mean of the last five whole seconds.</summary>
    public required double Rate { get; init; }

    /// <summary>The bids of the busiest second so far.</summary>
    public required int PeakRate { get; init; }

    /// <summary>The flow over the window, the oldest point first. The last point is not over.</summary>
    public required IReadOnlyList<FlowPoint> Flow { get; init; }

    /// <summary>The number of bidders.</summary>
    public required long BidderCount { get; init; }

    /// <summary>The number of auctions.</summary>
    public required long AuctionCount { get; init; }

    /// <summary>The number of items.</summary>
    public required int ItemCount { get; init; }

    /// <summary>The items with the most bids.</summary>
    public required IReadOnlyList<ItemRow> Items { get; init; }

    /// <summary>The number of bids of a rolling mean.</summary>
    public required int RollingSize { get; init; }

    /// <summary>The prices of the items with the most bids.</summary>
    public required IReadOnlyList<PriceSeries> Prices { get; init; }

    /// <summary>The lists that take long to make.</summary>
    public required Rankings Rankings { get; init; }

    /// <summary>The last bids, the oldest first.</summary>
    public required IReadOnlyList<SeenBid> LastBids { get; init; }
}

/// <summary>The lists of a snapshot that take long to make. Immutable.</summary>
/// <param name="OpenAuctions">The number of auctions with a bid within the window that are not over.</param>
/// <param name="Bidders">The bidders with the most bids.</param>
/// <param name="Auctions">The auctions with the most bids.</param>
/// <param name="Hot">The busiest auctions of each window.</param>
/// <param name="Median">The amount that half of the bids do not exceed.</param>
/// <param name="P90">The amount that nine tenths of the bids do not exceed.</param>
/// <param name="P99">The amount that 99 % of the bids do not exceed.</param>
/// <param name="Histogram">How many bids have which amount, as in the report <c>amounts</c>.</param>
/// <param name="Chart">The same with round bounds, up to where nearly all bids are.</param>
public sealed record Rankings(
    int OpenAuctions, IReadOnlyList<BusyKey> Bidders, IReadOnlyList<AuctionRow> Auctions,
    IReadOnlyDictionary<HotWindow, IReadOnlyList<HotAuction>> Hot, decimal Median, decimal P90, decimal P99, IReadOnlyList<AmountBucket> Histogram,
    AmountChart Chart)
{
    /// <summary>The number of buckets of the histogram.</summary>
    public const int HistogramBuckets = 20;

    /// <summary>The number of auctions of a list of busy ones.</summary>
    public const int HotAuctions = 10;
}

/// <summary>A bid as it arrived.</summary>
/// <param name="Number">Its number, from 1 on.</param>
/// <param name="Bid">The bid.</param>
/// <param name="Arrived">When it arrived.</param>
/// <param name="IsHigh">Whether it is above the threshold.</param>
public sealed record SeenBid(long Number, Bid Bid, DateTimeOffset Arrived, bool IsHigh);
