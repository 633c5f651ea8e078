using System.Globalization;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Integration.Tests.Sales;

public sealed class AuctioneerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data/auctions.db")]
    [InlineData("postgres")]
    public async Task Generated_auctions_close_by_the_wall_and_each_is_announced_once(string database)
    {
        await using var host = await Rabbit.HostAsync();
        var address = database == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : database;
        await using var auctioneer = await StartAsync(host, "--database", address, "--late", "1s");
        await using var sales = await SalesQueue.OpenAsync(host.Uri);

        await ProduceAsync(host, "--auctions", "20", "--auction-time", "2", "--count", "2000", "--interval", "0.002");

        await Eventually.TrueAsync("all auctions are closed", async () => (await sales.MessagesAsync()).Sum(m => m.GetProperty("bids").GetInt32()) == 2_000);
        auctioneer.Interrupt();
        Assert.Equal(0, await auctioneer.EndAsync());
        var messages = await sales.MessagesAsync();
        Assert.Equal(messages.Count, messages.Select(m => m.GetProperty("auction_id").GetString()).Distinct().Count());
        Assert.Contains(messages, m => m.GetProperty("winner").ValueKind == JsonValueKind.String);
        Assert.Contains(messages, m => m.GetProperty("winner").ValueKind == JsonValueKind.Null);
        Assert.All(messages, m => Assert.InRange(Seconds(m, "closed") - Seconds(m, "closes"), 1, 15));
        Assert.Contains($"received 2000, counted 2000, repeated 0, after closing 0, without end 0, unreadable 0", auctioneer.Texts[^1], StringComparison.Ordinal);
        Assert.EndsWith($"announced {messages.Count}", auctioneer.Texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bids_that_waited_while_no_auctioneer_ran_count_for_an_auction_whose_end_has_passed()
    {
        await using var host = await Rabbit.HostAsync();
        await (await StartAsync(host)).DisposeAsync(); // its queue stays
        var closes = Now.AddSeconds(1);
        await PublishAsync(host, [.. Enumerable.Range(1, 5_000).Select(i => Bid("a", i, closes.AddSeconds(-0.5), closes))]);
        await Eventually.TrueAsync("the auction is over", () => Now > closes.AddSeconds(3));

        await using var auctioneer = await StartAsync(host);

        Assert.Equal("Auction a closed: art sold to ada for 5000.00 (5000 bids of 1 bidder).", await auctioneer.LineAsync("Auction a closed"));
    }

    [Fact]
    public async Task After_a_restart_an_auction_closes_though_no_bid_comes()
    {
        await using var host = await Rabbit.HostAsync();
        var closes = Now.AddSeconds(3);
        await using (var first = await StartAsync(host))
        {
            await PublishAsync(host, Bid("a", 10, Now, closes));
            await Eventually.TrueAsync("the bid is stored", async () => await CountAsync("SELECT count(*) FROM auctioneer_journal") == 1);
            first.Kill();
        }

        await using var second = await StartAsync(host);

        Assert.Equal("Auction a closed: art sold to ada for 10.00 (1 bid of 1 bidder).", await second.LineAsync("Auction a closed"));
    }

    [Fact]
    public async Task A_bid_of_a_producer_that_is_five_minutes_late_is_counted_and_said()
    {
        await using var host = await Rabbit.HostAsync();
        await using var auctioneer = await StartAsync(host, "--late", "1s");
        var closes = Now.AddSeconds(0.5);
        await PublishAsync(host, Bid("a", 10, closes.AddSeconds(-0.4), closes));
        await auctioneer.LineAsync("Auction a closed");

        await PublishAsync(host, Bid("a", 99, closes.AddMinutes(-5), closes));

        Assert.Equal($"Came after closing: 99.00 at {Core.Bids.Bid.Format(closes.AddMinutes(-5))} on auction a.", await auctioneer.LineAsync("Came after closing"));
        auctioneer.Interrupt();
        await auctioneer.EndAsync();
        Assert.Contains("received 2, counted 1, repeated 0, after closing 1,", auctioneer.Texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_late_bids_are_counted_in_a_line_a_second()
    {
        await using var host = await Rabbit.HostAsync();
        await using var auctioneer = await StartAsync(host, "--quiet", "--late", "0s");
        var closes = Now.AddSeconds(0.5);
        await PublishAsync(host, Bid("a", 10, closes.AddSeconds(-0.4), closes));
        await Eventually.TrueAsync("the auction is closed", async () => await CountAsync("SELECT count(*) FROM auctions") == 1);

        await PublishAsync(host, [.. Enumerable.Range(1, 300).Select(i => Bid("a", i, closes.AddMinutes(-5), closes))]);
        await Eventually.TrueAsync("all are said", () => Said().Sum() == 300);

        Assert.InRange(Said().Count, 1, 5);
        Assert.DoesNotContain(auctioneer.Texts, text => text.Contains("on auction a", StringComparison.Ordinal));

        List<int> Said() => [.. auctioneer.Texts.Where(text => text.StartsWith("Came after closing: ", StringComparison.Ordinal)).Select(text => int.Parse(text.Split(' ')[3], CultureInfo.InvariantCulture))];
    }

    [Fact]
    public async Task A_bid_from_the_future_does_not_close_the_auctions_of_a_replay()
    {
        await using var host = await Rabbit.HostAsync();
        await using var auctioneer = await StartAsync(host, "--clock", "bids", "--idle-exit", "2", "--close-rest");
        var closes = new DateTimeOffset(2024, 1, 8, 0, 0, 0, TimeSpan.Zero);
        await PublishAsync(
            host, Bid("a", 10, closes.AddDays(-1), closes), Bid("b", 1, Now.AddDays(1), Now.AddDays(2)), Bid("a", 20, closes.AddHours(-1), closes));

        Assert.Equal(0, await auctioneer.EndAsync());
        Assert.Contains("Auction a closed: art sold to ada for 20.00 (2 bids of 1 bidder).", auctioneer.Texts);
        Assert.Contains("from the future 1, sold 2, unsold 0, announced 2", auctioneer.Texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_bid_is_named_and_counted()
    {
        await using var host = await Rabbit.HostAsync();
        await using var auctioneer = await StartAsync(host, "--idle-exit", "2");

        await ProduceAsync(host, "--count", "100", "--interval", "0", "--bad-rate", "0.3", "--seed", "3");

        Assert.Equal(0, await auctioneer.EndAsync());
        var bad = auctioneer.Texts.Count(text => text.Contains(" cannot be read as a bid: ", StringComparison.Ordinal));
        Assert.InRange(bad, 15, 45);
        Assert.Contains($"received 100, counted 0, repeated 0, after closing 0, without end {100 - bad}, unreadable {bad}", auctioneer.Texts[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data/auctions.db")]
    [InlineData("postgres")]
    public async Task A_second_auctioneer_stands_by_and_takes_over_when_the_first_is_killed(string database)
    {
        await using var host = await Rabbit.HostAsync();
        var address = database == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : database;
        await using var first = await StartAsync(host, "--database", address, "--late", "0s");
        await using var sales = await SalesQueue.OpenAsync(host.Uri);
        var closes = Now.AddSeconds(8);
        await PublishAsync(host, Bid("a", 10, Now, closes));
        await Eventually.TrueAsync("the first one has the bid", async () => await PlainClient.CountAsync(host.Uri, "auction_auctioneer") == 0);
        await using var second = ProgramUnderTest.Start("Auctioneer", _folder, host.Uri, "--database", address, "--late", "0s");
        await second.LineAsync("Another program reads auction_auctioneer. This one stands by");

        first.Kill();
        var killed = Now;
        await PublishAsync(host, Bid("a", 20, Now, closes));

        Assert.Equal("1 auctions are open, with 1 bids.", await second.LineAsync("auctions are open"));
        Assert.InRange(Now - killed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal("Auction a closed: art sold to ada for 20.00 (2 bids of 1 bidder).", await second.LineAsync("Auction a closed"));
        await Eventually.TrueAsync("it is announced", async () => (await sales.MessagesAsync()).Count == 1);
    }

    [Fact]
    public async Task A_killed_auctioneer_loses_no_bid_and_announces_nothing_twice()
    {
        await using var host = await Rabbit.HostAsync();
        string[] flags = ["--clock", "bids", "--late", "0s", "--quiet"];
        var auctioneer = await StartAsync(host, flags);
        await using var sales = await SalesQueue.OpenAsync(host.Uri);
        await using var producer = ProgramUnderTest.Start(
            "Producer.V3", _folder, host.Uri, "--interval", "0", "--count", "20000", "--auctions", "50", "--auction-time", "0.3", "--quiet", "--monitor", "n");
        for (var kill = 0; kill < 5; kill++)
        {
            await auctioneer.LineAsync("received so far");
            auctioneer.Kill();
            await auctioneer.DisposeAsync();
            auctioneer = await StartAsync(host, flags);
        }

        await using var last = auctioneer;
        Assert.Equal(0, await producer.EndAsync());
        await Eventually.TrueAsync("all bids are read", async () => await PlainClient.CountAsync(host.Uri, "auction_auctioneer") == 0);
        last.Interrupt();
        Assert.Equal(0, await last.EndAsync());
        var (code, texts) = await ProgramUnderTest.RunAsync("Auctioneer", _folder, host.Uri, [.. flags, "--idle-exit", "1", "--close-rest"]);
        Assert.Equal(0, code);

        var messages = await sales.MessagesAsync();
        Assert.Equal(messages.Count, messages.Select(m => m.GetProperty("auction_id").GetString()).Distinct().Count());
        Assert.Equal(20_000, messages.Sum(m => m.GetProperty("bids").GetInt32()) + await CountAsync("SELECT count(*) FROM late_bids"));
        Assert.True(messages.Count > 50, string.Join('\n', texts));
    }

    private static Bid Bid(string auction, decimal amount, DateTimeOffset made, DateTimeOffset closes) =>
        new("ada", amount, made, "art", "ada", "ada@example.com", auction) { AuctionCloses = closes };

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static double Seconds(JsonElement message, string field) =>
        DateTimeOffset.Parse(message.GetProperty(field).GetString()!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() / 1000.0;

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder["data/auctions.db"]};Pooling=false");
        await connection.OpenAsync();
        await using var count = connection.CreateCommand();
        count.CommandText = sql;
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private async Task<ProgramUnderTest> StartAsync(VirtualHost host, params IEnumerable<string> flags)
    {
        var auctioneer = ProgramUnderTest.Start("Auctioneer", _folder, host.Uri, flags);
        await auctioneer.LineAsync("Starting auctioneer. Waiting for bids...");
        await Eventually.TrueAsync("its queue is declared", () => PlainClient.ExistsAsync(host.Uri, "auction_auctioneer"));
        return auctioneer;
    }

    private async Task ProduceAsync(VirtualHost host, params IEnumerable<string> flags)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync("Producer.V3", _folder, host.Uri, ["--quiet", "--monitor", "n", .. flags]);
        Assert.True(code == 0, string.Join('\n', texts));
    }

    private static async Task PublishAsync(VirtualHost host, params Bid[] bids)
    {
        await using var connection = await Rabbit.ConnectAsync(host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await Task.WhenAll(bids.Select(bid => channel.BasicPublishAsync("auction_bids", "bid.art", BidJson.Write(bid)).AsTask()));
    }
}
