using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Sqlite;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Records.Tests;

/// <summary>What holds for every sink.</summary>
public sealed class SinkTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public static TheoryData<string> Kinds => ["jsonl", "sqlite", "duckdb", "postgres"];

    public void Dispose() => _temp.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bid_that_comes_again_in_the_batch_or_later_is_kept_once(string kind)
    {
        await using var sink = await OpenAsync(kind);

        Assert.Equal(2, await sink.WriteAsync([SomeRecord.Bid("1"), SomeRecord.Bid("2"), SomeRecord.Bid("1")], default));
        Assert.Equal(1, await sink.WriteAsync([SomeRecord.Bid("3"), SomeRecord.Bid("2")], default));
        Assert.Equal(0, await sink.WriteAsync([SomeRecord.Bid("3")], default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Any_bid_that_can_be_read_from_the_wire_can_be_kept(string kind)
    {
        await using var sink = await OpenAsync(kind);
        RecordedBid[] bids =
        [
            new("first moment", Some.Bid(timestamp: DateTimeOffset.MinValue), SomeRecord.Noon),
            new("last moment", Some.Bid(timestamp: DateTimeOffset.MaxValue), SomeRecord.Noon),
            new("highest", Some.Bid(amount: 1_000_000_000_000m), SomeRecord.Noon),
            new("lowest", Some.Bid(amount: 0.0000001m), SomeRecord.Noon),
            new("a\0b", Some.Bid(item: "'; DROP TABLE bids; --", bidderName: "\u202e\u0000😀é", auctionId: "\t\"\\"), SomeRecord.Noon),
            new("Ä", Some.Bid(bidderId: "", bidderName: "", bidderEmail: ""), SomeRecord.Noon),
        ];

        Assert.Equal(bids.Length, await sink.WriteAsync(bids, default));
        Assert.Equal(0, await sink.WriteAsync(bids, default));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bids_are_there_after_the_sink_was_opened_again(string kind)
    {
        var address = await AddressAsync(kind);
        await using (var sink = await OpenAsync(kind, address))
        {
            await sink.WriteAsync(SomeRecord.Bids(1_000), default);
        }

        await using var again = await OpenAsync(kind, address);
        Assert.Equal(1, await again.WriteAsync([.. SomeRecord.Bids(1_000), SomeRecord.Bid("new")], default));
    }

    private async Task<IBidSink> OpenAsync(string kind, string? address = null)
    {
        address ??= await AddressAsync(kind);
        return kind switch
        {
            "jsonl" => await JsonLinesSink.OpenAsync(address, default),
            "sqlite" => await SqliteSink.OpenAsync(address, default),
            "duckdb" => await DuckDBSink.OpenAsync(address, default),
            _ => await PostgresSink.OpenAsync(PostgresAddress.Parse(address), default),
        };
    }

    private async Task<string> AddressAsync(string kind) => kind switch
    {
        "jsonl" => _temp["bids/"],
        "sqlite" => _temp["bids.db"],
        "duckdb" => _temp["bids.duckdb"],
        _ => (await PostgresCluster.DatabaseAsync()).ToString(),
    };
}
