using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Live;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Sales.Statistics;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuctionTracker.Sales.Tests.Live;

public sealed class SalesHistoryTests : IDisposable
{
    private static readonly StockSettings Stock = new(Start: 4, new Dictionary<string, int>(), RefillAt: 2, RefillTo: 5);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Some.Time);

    public void Dispose() => _folder.Dispose();

    /// <summary>The messages in the outboxes are what a dashboard gets; the databases are what it reads at its start.</summary>
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Databases_and_messages_give_the_same_figures_and_both_together_too(string kind)
    {
        var (auctions, settlements) = await FillAsync(kind);
        var (fromMessages, fromDatabases, fromBoth) = (NewSales(), NewSales(), NewSales());

        foreach (var sales in new[] { fromDatabases, fromBoth })
        {
            await using var readAuctions = await StateDatabase.ReadAuctionsAsync(auctions, default);
            await using var readSettlements = await StateDatabase.ReadSettlementsAsync(settlements, default);
            await SalesHistory.ReadAuctionsAsync(readAuctions, sales, _time.GetUtcNow(), default);
            await SalesHistory.ReadSettlementsAsync(readSettlements, sales, _time.GetUtcNow(), default);
        }

        await using var auctioneer = await StateDatabase.OpenAuctionsAsync(auctions, default);
        await using var settlement = await StateDatabase.OpenSettlementsAsync(settlements, default);
        foreach (var sales in new[] { fromMessages, fromBoth })
        {
            await AddMessagesAsync(auctioneer, "auctioneer", sales);
            await AddMessagesAsync(settlement, "settlement", sales);
        }

        var (expected, actual, both) = (fromMessages.SnapshotAt(_time.GetUtcNow()), fromDatabases.SnapshotAt(_time.GetUtcNow()), fromBoth.SnapshotAt(_time.GetUtcNow()));
        Assert.Equal((18L, 2L, 17L, 171m), (expected.Sold, expected.Unsold, expected.Settled, expected.Total));
        Assert.Equal(7, Assert.Single(expected.Stock).Quantity); // set to 7 by hand at the end
        foreach (var snapshot in new[] { actual, both })
        {
            Assert.Equal(expected.Items, snapshot.Items);
            Assert.Equal(expected.Points, snapshot.Points);
            Assert.Equal(expected.Last, snapshot.Last);
            Assert.Equal(expected.Stock.Select(level => (level.Item, level.Quantity)), snapshot.Stock.Select(level => (level.Item, level.Quantity)));
        }
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Reading_creates_nothing_and_a_database_of_another_program_is_refused(string kind)
    {
        var settlements = await AddressAsync(kind, "settlement.db");

        await Assert.ThrowsAsync<IOException>(() => StateDatabase.ReadSettlementsAsync(settlements, default));
        Assert.Empty(Directory.GetFiles(_folder[""]));
        await (await StateDatabase.OpenSettlementsAsync(settlements, default)).DisposeAsync();
        var other = await Assert.ThrowsAsync<IOException>(() => StateDatabase.ReadAuctionsAsync(settlements, default));
        Assert.Contains(" is not a database of Auctioneer. ", other.Message, StringComparison.Ordinal);
        await using var database = await StateDatabase.ReadSettlementsAsync(settlements, default);
        var error = await Assert.ThrowsAsync<IOException>(
            () => database.InTransactionAsync(t => Sql.ExecuteAsync(t, "INSERT INTO stock VALUES ('art', 1)", default), default));

        Assert.Contains("read", error.Message, StringComparison.Ordinal); // "readonly database", or "read-only transaction"
    }

    private async Task<(string Auctions, string Settlements)> FillAsync(string kind)
    {
        var (auctions, settlements) = (await AddressAsync(kind, "auctions.db"), await AddressAsync(kind, "settlement.db"));
        await using var auctioneer = await StateDatabase.OpenAuctionsAsync(auctions, default);
        var settings = new AuctioneerSettings(auctions, ClockKind.Bids, TimeSpan.Zero);
        var state = new AuctionState(auctioneer, settings, new AuctionCounts(new("received")), Serilog.Core.Logger.None, _time);
        await state.ApplyAsync(
            [.. Enumerable.Range(0, 20).Select(i => new Arrival($"m{i}", SomeAuctions.Bid($"a{i}", i + 1, closes: SomeAuctions.End.AddSeconds(i), opening: i < 18 ? 1 : 100), default))],
            default);
        await state.CloseRestAsync(default);

        await using var settlement = await StateDatabase.OpenSettlementsAsync(settlements, default);
        var store = new SettlementStore(settlement, Stock, refills: true, _time);
        await store.TakeOverAsync(default);
        var sold = (await new MessageOutbox("auctioneer").ReadAsync(auctioneer, 100, default)).Where(row => row.Message.RoutingKey == "sold.art")
            .Select(row => SoldAuction.TryRead(row.Message.Body, out var sale, out _) ? sale : throw new InvalidOperationException()).ToList();
        await store.AddAsync(sold, default);
        foreach (var sale in sold.SkipLast(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.True(await store.SettleAsync(sale, default));
        }

        await store.SetStockAsync("art", 9, default);
        await store.SetStockAsync("art", 7, default);
        await store.SetStockAsync("art", 7, default); // no change, and no message
        return (auctions, settlements);
    }

    private async Task AddMessagesAsync(IDatabase database, string program, LiveSales sales)
    {
        foreach (var (_, message) in await new MessageOutbox(program).ReadAsync(database, 1_000, default))
        {
            var now = _time.GetUtcNow();
            _ = AuctionResult.TryRead(message.Body, out var result) && sales.Add(result, now);
            _ = SettledSale.TryRead(message.Body, out var sale) && sales.Add(sale, now);
            if (StockLevel.TryRead(message.Body, out var level))
            {
                sales.Set(level, now);
            }
        }
    }

    private async Task<string> AddressAsync(string kind, string file) => kind == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : _folder[file];

    private static LiveSales NewSales() => new(TimeSpan.FromMinutes(10));
}
