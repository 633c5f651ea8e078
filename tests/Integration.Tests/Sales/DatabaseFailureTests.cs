using AuctionTracker.Support;
using Npgsql;
using Xunit;

namespace AuctionTracker.Integration.Tests.Sales;

public sealed class DatabaseFailureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_PostgreSQL_is_killed_twice_no_bid_and_no_sale_is_lost_or_counts_twice()
    {
        await using var host = await Rabbit.HostAsync();
        await using var cluster = await PostgresCluster.StartNewAsync();
        var address = (await cluster.CreateDatabaseAsync()).ToString();
        await using var auctioneer = ProgramUnderTest.Start("Auctioneer", _folder, host.Uri, "--database", address, "--clock", "bids", "--late", "0s", "--quiet", "--idle-exit", "12", "--close-rest");
        await using var settlement = ProgramUnderTest.Start("Settlement", _folder, host.Uri, "--database", address, "--quiet", "--idle-exit", "18");
        await Eventually.TrueAsync("both queues are declared", async () =>
            await PlainClient.ExistsAsync(host.Uri, "auction_auctioneer") && await PlainClient.ExistsAsync(host.Uri, "auction_settlement"));
        await using var producer = ProgramUnderTest.Start(
            "Producer.V3", _folder, host.Uri, "--quiet", "--monitor", "n", "--interval", "0.001", "--count", "5000", "--auctions", "20", "--auction-time", "0.4");
        for (var kill = 0; kill < 2; kill++)
        {
            await producer.LineAsync("confirmed so far");
            await producer.LineAsync("confirmed so far");
            await cluster.KillAsync();
            await producer.LineAsync("confirmed so far");
            await cluster.StartAsync();
        }

        Assert.Equal(0, await producer.EndAsync());
        Assert.Equal(0, await auctioneer.EndAsync());
        Assert.Equal(0, await settlement.EndAsync());

        await using var source = NpgsqlDataSource.Create(Storage.PostgresAddress.Parse(address).ConnectionString);
        Assert.Equal(5_000L, await CountAsync("SELECT (SELECT sum(bids) FROM auctions)::bigint + (SELECT count(*) FROM late_bids)"));
        var sold = await CountAsync("SELECT count(*) FROM auctions WHERE sold = 1");
        Assert.True(sold > 50);
        Assert.Equal(sold, await CountAsync("SELECT count(*) FROM sales WHERE settled IS NOT NULL"));
        Assert.Equal(-sold, await CountAsync("SELECT sum(change)::bigint FROM stock_changes WHERE cause = 'sold'"));
        Assert.Equal(sold, Directory.GetFiles(_folder["outbox/winners"], "*.eml").Length);
        Assert.Contains(auctioneer.Texts, text => text.StartsWith("PostgreSQL (", StringComparison.Ordinal));
        Assert.DoesNotContain(auctioneer.Texts.Concat(settlement.Texts), text => text.Contains("Unexpected error", StringComparison.Ordinal));

        async Task<long> CountAsync(string sql)
        {
            await using var count = source.CreateCommand(sql);
            return (long)(await count.ExecuteScalarAsync())!;
        }
    }
}
