using System.Text.Json;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuctionTracker.Sales.Tests.Settlements;

public sealed class SettlementStoreTests : IDisposable
{
    private static readonly StockSettings Stock = new(Start: 3, new Dictionary<string, int> { ["toys"] = 1 }, RefillAt: 2, RefillTo: 5);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Some.Time);

    public static TheoryData<string> Databases => ["sqlite", "postgres"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_sale_is_settled_once_with_its_stock_its_mail_and_its_message(string kind)
    {
        await using var database = await OpenAsync(kind);
        var store = await StoreAsync(database, refills: true);

        Assert.Single(await store.AddAsync([Sale("a")], default));
        Assert.Empty(await store.AddAsync([Sale("a")], default));
        Assert.True(await store.SettleAsync(Sale("a"), default));
        Assert.True(await store.SettleAsync(Sale("a"), default));

        Assert.Equal([("start", 3L), ("sold", -1L)], await ChangesAsync(database));
        var (_, message) = Assert.Single(await new MessageOutbox("settlement").ReadAsync(database, 10, default));
        Assert.Equal("settled.art", message.RoutingKey);
        Assert.Equal(
            """{"auction_id":"a","item":"Art","bids":3,"bidders":2,"opening_amount":5,"winning_amount":12.5,"winner":"w","bidder_name":"Ada","bidder_email":"ada@example.com","closes":"2024-06-12T03:56:06.410536+00:00","closed":"2024-06-12T03:56:08.410536+00:00","settled":"2024-06-12T03:56:06.410536+00:00","stock":2,"stock_change":2}""",
            System.Text.Encoding.UTF8.GetString(message.Body));
        var mail = await store.NextMailAsync(default);
        Assert.Equal(Sale("a").Prices, mail!.Sale.Prices);
        Assert.Equal(Sale("a") with { Prices = [] }, mail.Sale with { Prices = [] });
        await store.MarkSentAsync(mail, default);
        Assert.Null(await store.NextMailAsync(default));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Stock_that_is_low_is_announced_once_and_refilled_and_it_adds_up(string kind)
    {
        await using var database = await OpenAsync(kind);
        var store = await StoreAsync(database, refills: true);

        await SettleAsync(store, Enumerable.Range(0, 6));

        // 3, 2, then 1 is below 2: refilled to 5; 4, 3, 2, then 1 again
        Assert.Equal(
            [("start", 3L), ("sold", -1L), ("sold", -1L), ("refilled", 4L), ("sold", -1L), ("sold", -1L), ("sold", -1L), ("sold", -1L), ("refilled", 4L)],
            await ChangesAsync(database));
        var messages = await new MessageOutbox("settlement").ReadAsync(database, 100, default);
        Assert.Equal(
            [("stock.low.art", 1), ("stock.refilled.art", 5), ("stock.low.art", 1), ("stock.refilled.art", 5)],
            messages.Where(m => m.Message.RoutingKey.StartsWith("stock", StringComparison.Ordinal))
                .Select(m => (m.Message.RoutingKey, JsonDocument.Parse(m.Message.Body).RootElement.GetProperty("stock").GetInt32())));
        Assert.Equal(10, messages.Select(m => m.Message.Id).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_refills_a_sale_waits_until_somebody_refills_by_hand(string kind)
    {
        await using var database = await OpenAsync(kind);
        var store = await StoreAsync(database, refills: false);
        var toys = Enumerable.Range(0, 2).Select(i => Sale($"toy {i}") with { Item = "Toys" }).ToList();
        await store.AddAsync(toys, default);

        Assert.True(await store.SettleAsync(toys[0], default));
        Assert.False(await store.SettleAsync(toys[1], default));
        Assert.Equal([("start", 1L), ("sold", -1L)], await ChangesAsync(database));

        Assert.Equal(0, await new SettlementStore(database, Stock, refills: false, _time).SetStockAsync("toys", 7, default));
        Assert.True(await store.SettleAsync(toys[1], default));
        Assert.Equal([("start", 1L), ("sold", -1L), ("by hand", 7L), ("sold", -1L)], await ChangesAsync(database));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task After_a_restart_the_sales_that_wait_come_in_their_order_and_the_program_before_cannot_settle_any_more(string kind)
    {
        await using var database = await OpenAsync(kind);
        var old = await StoreAsync(database, refills: true);
        await old.AddAsync([Sale("z"), Sale("a"), Sale("m")], default);
        await old.SettleAsync(Sale("a"), default);

        var replacement = new SettlementStore(database, Stock, refills: true, _time);
        Assert.Equal(["z", "m"], (await replacement.TakeOverAsync(default)).Select(sale => sale.AuctionId));

        Assert.Equal("Another settlement has taken over.", (await Assert.ThrowsAsync<IOException>(() => old.SettleAsync(Sale("z"), default))).Message);
        Assert.Equal(["b"], (await replacement.AddAsync([Sale("a"), Sale("b")], default)).Select(sale => sale.AuctionId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"auction_id":5,"item":"art","winning_amount":1,"winner":"w","bidder_name":"n","bidder_email":"e","closed":"2024-01-01T00:00:00Z","closes":"2024-01-01T00:00:00Z","bids":1,"bidders":1,"opening_amount":null,"prices":[]}""")]
    [InlineData("""{"auction_id":"a","item":"art","winning_amount":null,"winner":"w","bidder_name":"n","bidder_email":"e","closed":"2024-01-01T00:00:00Z","closes":"2024-01-01T00:00:00Z","bids":1,"bidders":1,"opening_amount":null,"prices":[]}""")]
    [InlineData("""{"auction_id":"a","item":"art","winning_amount":1,"winner":"w","bidder_name":"n","bidder_email":"e","closed":"soon","closes":"2024-01-01T00:00:00Z","bids":1,"bidders":1,"opening_amount":null,"prices":[]}""")]
    [InlineData("""{"auction_id":"a","item":"art","winning_amount":1,"winner":"w","bidder_name":"n","bidder_email":"e","closed":"2024-01-01T00:00:00Z","closes":"2024-01-01T00:00:00Z","bids":1,"bidders":1,"opening_amount":null,"prices":5}""")]
    public void What_is_no_sale_is_refused(string body)
    {
        Assert.False(SoldAuction.TryRead(System.Text.Encoding.UTF8.GetBytes(body), out var sale, out var reason));
        Assert.Null(sale);
        Assert.NotEmpty(reason);
    }

    private static SoldAuction Sale(string auction) =>
        new(auction, "Art", 12.5m, "w", "Ada", "ada@example.com", Some.Time.AddSeconds(2))
        {
            Bids = 3,
            Bidders = 2,
            Opening = 5,
            Closes = Some.Time,
            Prices = [new PriceStep(Some.Time.AddMinutes(-1), 10), new PriceStep(Some.Time.AddSeconds(-1), 12.5m)],
        };

    private static async Task SettleAsync(SettlementStore store, IEnumerable<int> numbers)
    {
        var sales = numbers.Select(number => Sale($"{number}")).ToList();
        await store.AddAsync(sales, default);
        foreach (var sale in sales)
        {
            Assert.True(await store.SettleAsync(sale, default));
        }
    }

    private static Task<List<(string Cause, long Change)>> ChangesAsync(IDatabase database) => database.InTransactionAsync(
        t => Sql.QueryAsync(t, "SELECT cause, change FROM stock_changes ORDER BY id", row => (row.GetString(0), row.GetInt64(1)), default), default);

    private async Task<SettlementStore> StoreAsync(IDatabase database, bool refills)
    {
        var store = new SettlementStore(database, Stock, refills, _time);
        Assert.Empty(await store.TakeOverAsync(default));
        return store;
    }

    private async Task<IDatabase> OpenAsync(string kind) =>
        await StateDatabase.OpenSettlementsAsync(kind == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : _folder["settlement.db"], default);
}
