using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Serilog.Core;

namespace AuctionTracker.Report.Tests;

/// <summary>The state of Auctioneer and Settlement, written by their own stores.</summary>
internal static class SomeSales
{
    private static readonly string[] Items = ["art", "Zebra", "ÄRA", "<b>&'\"", "antique, old"];

    /// <summary>Auctions whose amounts and times make sums hard. Each second one closes near a change of Stockholm's clocks.</summary>
    public static IReadOnlyList<SomeAuction> Create(int count)
    {
        var random = new Random(12);
        return
        [
            .. Enumerable.Range(0, count).Select(number => new SomeAuction(
                $"a{number}",
                Items[random.Next(Items.Length)],
                (random.Next(6) switch
                {
                    0 => random.Next(1, 200) * 5m,
                    1 => random.Next(100, 100_000) / 100m,
                    2 => random.Next(100, 1_000_000) / 10_000m,
                    3 => random.Next(1, 2000) + 0.005m,
                    4 => random.Next(1, 2000) + 0.12345m, // more decimals than a report has
                    _ => random.Next(1, 2000) + 0.00499999m,
                }),
                random.Next(3) switch { 0 => 1m, 1 => 100m, _ => null },
                number % 2 == 0
                    ? SomeBids.ClockChange.AddMinutes(-90 + random.Next(180)).AddMicroseconds(random.Next(1_000_000))
                    : SomeBids.ClockChange.AddDays(-200).AddMicroseconds(random.NextInt64(400L * 86_400_000_000)))),
            new("first", "art", 1m, null, new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(999_999)),
            new("dear", "art", 1_000_000_000_000m, null, new DateTimeOffset(9999, 12, 30, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(999_999)),
        ];
    }

    /// <summary>Closes auctions; a bid on the first comes late. A database may be a SQLite file or the address of a PostgreSQL database.</summary>
    public static async Task CloseAsync(string database, IReadOnlyList<SomeAuction> auctions)
    {
        await using var state = await StateDatabase.OpenAuctionsAsync(database, default);
        var auctioneer = new AuctionState(
            state, new AuctioneerSettings(database, ClockKind.Wall, TimeSpan.Zero), new AuctionCounts(new Counts.Count("received")), Logger.None, new FakeTimeProvider(SomeBids.ClockChange));
        await auctioneer.ApplyAsync([.. auctions.Select(auction => new Arrival(auction.Id, auction.Bid, default))], default);
        await auctioneer.CloseRestAsync(default);
        await auctioneer.ApplyAsync([new Arrival("late", auctions[0].Bid, default)], default);
    }

    /// <summary>Settles sales in the order of their times, up to ten minutes after they closed. Every seventh one waits, and every third mail is not sent.</summary>
    public static async Task SettleAsync(string database, IReadOnlyList<SomeAuction> auctions, Func<int, TimeSpan>? wait = null)
    {
        await using var state = await StateDatabase.OpenSettlementsAsync(database, default);
        var random = new Random(13);
        var time = new FakeTimeProvider(DateTimeOffset.MinValue);
        var store = new SettlementStore(state, new StockSettings(3, new Dictionary<string, int> { ["art"] = 20 }, RefillAt: 2, RefillTo: 5), refills: true, time);
        await store.TakeOverAsync(default);
        SoldAuction[] sales =
        [
            .. auctions.OrderBy(auction => auction.Closes).Select((auction, number) => new SoldAuction(
                auction.Id, auction.Item, auction.Amount, "w", "Ada", "ada@example.com",
                auction.Closes - (wait?.Invoke(number) ?? TimeSpan.FromMicroseconds(random.Next(600_000_000)))) { Closes = auction.Closes }),
        ];
        await store.AddAsync(sales, default);
        foreach (var (number, sale) in sales.Index().Where(sale => wait is not null || sale.Index % 7 != 0))
        {
            time.SetUtcNow(sale.Closes);
            await store.SettleAsync(sale, default);
            if (await store.NextMailAsync(default) is { } mail)
            {
                await (number % 3 == 0 ? store.MarkRefusedAsync(mail, "no such mailbox", default) : store.MarkSentAsync(mail, default));
            }
        }

        await store.SetStockAsync("zebra", 4, default);
        await store.SetStockAsync("never sold", 0, default);
    }
}

/// <summary>An auction with one bid.</summary>
internal sealed record SomeAuction(string Id, string Item, decimal Amount, decimal? Opening, DateTimeOffset Closes)
{
    public Bid Bid => Some.Bid(Amount, Item, Closes.AddSeconds(-1), auctionId: Id) with { AuctionCloses = Closes, AuctionOpening = Opening };
}
