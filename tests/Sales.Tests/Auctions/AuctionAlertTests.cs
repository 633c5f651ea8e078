using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Serilog.Core;
using Xunit;
using static AuctionTracker.Sales.Tests.SomeAuctions;

namespace AuctionTracker.Sales.Tests.Auctions;

/// <summary>Closed auctions that wait until their alert is stored elsewhere.</summary>
public sealed class AuctionAlertTests : IDisposable
{
    private static readonly Arrival Closing = new("", null, End.AddSeconds(2));

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(End.AddSeconds(5));

    public static TheoryData<string> Databases => ["sqlite", "postgres"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_closed_auction_waits_as_it_is_until_it_is_removed_though_the_program_is_killed(string kind)
    {
        await using var database = await OpenAsync(kind);
        var first = StateOf(database, _ => true);
        await first.ApplyAsync(
            [
                new("1", Bid("a\0", 10.5m, opening: 5, before: 50) with { Item = "art \U0001F99C\0" }, default), new("2", Bid("a\0", 12, bidder: "bob", before: 40), default),
                new("3", Bid("b", 4, opening: 5), default), Closing,
            ], default);

        var next = StateOf(database, _ => false); // alerts wait although no rule is on any more
        await next.ApplyAsync([Closing], default);
        var waiting = await next.ReadAlertsAsync(10, default);

        var (sold, unsold) = (waiting.Single(auction => auction.IsSold), waiting.Single(auction => !auction.IsSold));
        Assert.Equal(("a\uFFFD", "art \U0001F99C\uFFFD", 2, 2, 5m, End), (sold.AuctionId, sold.Item, sold.Bids, sold.Bidders, sold.Opening, sold.Closes));
        Assert.Equal(
            Bid("a\uFFFD", 12, bidder: "bob", before: 40) with { Item = sold.Item, AuctionCloses = End, AuctionOpening = 5 }, sold.Highest);
        Assert.Equal([new PriceStep(End.AddSeconds(-50), 10.5m), new PriceStep(End.AddSeconds(-40), 12)], sold.Prices);
        Assert.Equal(("b", 4m, 5m, End.AddSeconds(5)), (unsold.AuctionId, unsold.Highest.Amount, unsold.Opening, unsold.Closed));
        Assert.Equal(
            [sold.MessageId, unsold.MessageId], (await new MessageOutbox("auctioneer").ReadAsync(database, 10, default)).Select(m => m.Message.Id).Order());

        await next.RemoveAlertsAsync([sold], default);
        Assert.Equal(["b"], (await next.ReadAlertsAsync(10, default)).Select(auction => auction.AuctionId));
    }

    [Fact]
    public async Task Only_auctions_whose_rule_is_on_when_they_close_alert()
    {
        await using var database = await OpenAsync("sqlite");
        await StateOf(database, _ => false).ApplyAsync([new("1", Bid("closed before", 10), default), Closing], default);

        var state = StateOf(database, auction => auction.IsSold);
        await state.ApplyAsync(
            [
                new("2", Bid("sold", 10, closes: End.AddMinutes(1)), default), new("3", Bid("unsold", 10, opening: 11, closes: End.AddMinutes(1)), default),
                new("", null, End.AddMinutes(2)),
            ], default);

        Assert.Equal(["sold"], (await state.ReadAlertsAsync(10, default)).Select(auction => auction.AuctionId));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Only_the_program_that_has_the_state_gets_them(string kind)
    {
        await using var database = await OpenAsync(kind);
        var (first, second) = (StateOf(database, _ => true), StateOf(database, _ => true));
        await first.ApplyAsync([new("1", Bid("a", 10), default), Closing], default);
        Assert.Empty(await second.ReadAlertsAsync(10, default));

        await second.ApplyAsync([Closing], default);

        Assert.Empty(await first.ReadAlertsAsync(10, default));
        Assert.Single(await second.ReadAlertsAsync(10, default));
    }

    [Fact]
    public async Task They_are_read_in_the_order_in_which_they_closed()
    {
        await using var database = await OpenAsync("sqlite");
        var state = StateOf(database, _ => true);
        foreach (var auction in new[] { "z", "a", "m" })
        {
            await state.ApplyAsync([new(auction, Bid(auction, 10), default)], default);
            await state.CloseRestAsync(default);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["z", "a"], (await state.ReadAlertsAsync(2, default)).Select(auction => auction.AuctionId));
    }

    private async Task<IDatabase> OpenAsync(string kind) =>
        await StateDatabase.OpenAuctionsAsync(kind == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : _folder["auctions.db"], default);

    private AuctionState StateOf(IDatabase database, Func<ClosedAuction, bool> alerts) =>
        new(database, new AuctioneerSettings("", ClockKind.Wall, TimeSpan.FromSeconds(2)), new AuctionCounts(new Counts.Count("received")), Logger.None, _time)
        {
            Alerts = alerts,
        };
}
