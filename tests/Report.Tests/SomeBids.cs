using AuctionTracker.Records;
using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Sqlite;
using AuctionTracker.Storage;
using AuctionTracker.Support;

namespace AuctionTracker.Report.Tests;

/// <summary>Bids with what makes sums hard: equal amounts and times, half cents, no auction, clock changes, names of other languages.</summary>
internal static class SomeBids
{
    private static readonly string[] Items = ["art", "Zebra", "ÄRA", "<b>&'\"", "antique, old"];

    /// <summary>The hour in which Stockholm's clocks go back.</summary>
    public static readonly DateTimeOffset ClockChange = new(2024, 10, 27, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<RecordedBid> Create(int count)
    {
        var random = new Random(11);
        return
        [
            .. Enumerable.Range(0, count).Select(number => new RecordedBid(
                $"m{random.Next(1_000_000):D6}-{number}",
                Some.Bid(
                    amount: random.Next(4) switch
                    {
                        0 => random.Next(1, 200) * 5m,
                        1 => random.Next(100, 100_000) / 100m,
                        2 => random.Next(100, 1_000_000) / 10_000m,
                        _ => random.Next(1, 2000) + 0.005m,
                    },
                    item: Items[random.Next(Items.Length)],
                    timestamp: ClockChange.AddHours(-30).AddMilliseconds(random.Next(60 * 3600) * 1000L + random.Next(2) * random.Next(1000)),
                    bidderId: $"b{random.Next(40)}",
                    auctionId: random.Next(5) == 0 ? null : $"a{random.Next(60)}"),
                ClockChange.AddHours(31))),
        ];
    }

    /// <summary>Keeps bids in a sink of a kind, each twice where the sink may hold an id twice.</summary>
    public static async Task<string> KeepAsync(string kind, IReadOnlyList<RecordedBid> bids, TempFolder temp)
    {
        var address = kind switch
        {
            "jsonl" => temp["bids/"],
            "sqlite" => temp["bids.db"],
            "duckdb" => temp["bids.duckdb"],
            _ => (await PostgresCluster.DatabaseAsync()).ToString(),
        };
        await using (IBidSink sink = kind switch
        {
            "jsonl" => await JsonLinesSink.OpenAsync(address, default),
            "sqlite" => await SqliteSink.OpenAsync(address, default),
            "duckdb" => await DuckDBSink.OpenAsync(address, default),
            _ => await PostgresSink.OpenAsync(PostgresAddress.Parse(address), default),
        })
        {
            await sink.WriteAsync(bids, default);
        }

        if (kind == "jsonl")
        {
            File.Copy(Directory.GetFiles(address, "*.jsonl").Single(), Path.Combine(address, "2020-01-01.jsonl"));
        }

        return address;
    }
}
