using System.Globalization;

namespace AuctionTracker.Bench.FlatCost;

/// <summary>A run of a consumer, and the producer that feeds it.</summary>
/// <param name="Group">What differs between the cases that are compared.</param>
/// <param name="Name">The case in its group.</param>
/// <param name="Bids">Number of bids that the consumer handles.</param>
/// <param name="Consumer">The consumer's program.</param>
/// <param name="Flags">Its flags.</param>
internal sealed record FlatCase(string Group, string Name, int Bids, string Consumer, params string[] Flags)
{
    /// <summary>One bid in a hundred is above it.</summary>
    private static readonly string[] OnePercentHigh = ["--threshold", "990.1"];

    /// <summary>Cases of a group, from the smallest to the largest.</summary>
    public static IReadOnlyList<FlatCase> All { get; } =
    [
        new("bids", "100,000", 100_000, "Consumer.V3"),
        new("bids", "1,000,000", 1_000_000, "Consumer.V3"),
        new("bids", "10,000,000", 10_000_000, "Consumer.V3"),
        new("alerts", "100,000 bids, 1 % high", 100_000, "Consumer.V4", OnePercentHigh),
        new("alerts", "1,000,000 bids, 1 % high", 1_000_000, "Consumer.V4", OnePercentHigh),
        new("backlog", "500,000 bids wait", 500_000, "Consumer.V3") { Backlog = 500_000 },
        new("backlog", "5,000,000 bids wait", 5_000_000, "Consumer.V3") { Backlog = 5_000_000 },
        new("items", "10 items", 100_000, "Consumer.V3") { Items = 10 },
        new("items", "1,000 items", 100_000, "Consumer.V3") { Items = 1_000 },
        new("window", "5 bids", 500_000, "Consumer.V3", "--window", "5"),
        new("window", "10,000 bids", 500_000, "Consumer.V3", "--window", "10000"),
        new("auctions", "10 open auctions", 300_000, "Consumer.V4", OnePercentHigh) { Auctions = 10 },
        new("auctions", "10,000 open auctions", 300_000, "Consumer.V4", OnePercentHigh) { Auctions = 10_000 },
    ];

    /// <summary>Number of bids that are sent before the consumer starts; 0 if both start together.</summary>
    public int Backlog { get; private init; }

    /// <summary>Number of items.</summary>
    public int Items { get; private init; } = 3;

    /// <summary>Number of auctions that get bids in turn; 0 if the bids have none.</summary>
    public int Auctions { get; private init; }

    public IReadOnlyList<string> ItemNames => [.. Enumerable.Range(1, Items).Select(i => string.Create(CultureInfo.InvariantCulture, $"item {i}"))];
}
