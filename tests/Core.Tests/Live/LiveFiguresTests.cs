using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Live;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Live;

public sealed class LiveFiguresTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly LiveFigures _figures = new(new LiveOptions(800));
    private int _id;

    [Fact]
    public void Without_bids_there_are_no_figures()
    {
        var snapshot = Snapshot();

        Assert.Equal((0L, 0m, 0m, null), (snapshot.Amounts.Bids, snapshot.Amounts.Average, snapshot.Rankings.Median, snapshot.Highest));
        Assert.Empty(snapshot.Rankings.Histogram);
        Assert.Empty(snapshot.Items);
        Assert.True(snapshot.IsExact);
    }

    [Theory]
    [InlineData(800, 0)]
    [InlineData(800.0001, 1)]
    public void A_bid_is_high_strictly_above_the_threshold(decimal amount, int high)
    {
        Add(amount);

        Assert.Equal(high, _figures.Amounts.High);
    }

    [Fact]
    public void Of_equal_bids_the_earlier_wins_an_auction_and_then_the_lower_id()
    {
        _figures.Add(Bid(500, bidder: "late", time: Noon.AddSeconds(2)), "a", Noon);
        _figures.Add(Bid(500, bidder: "early", time: Noon.AddSeconds(1)), "c", Noon);
        _figures.Add(Bid(500, bidder: "same time", time: Noon.AddSeconds(1)), "b", Noon);
        _figures.Add(Bid(400, bidder: "lower", time: Noon), "d", Noon);

        var auction = Assert.Single(_figures.Auctions());

        Assert.Equal(("same time", 500m, 400m, 4), (auction.Winner, auction.Winning, auction.Opening, auction.Bidders));
    }

    [Fact]
    public void An_auction_closes_when_its_first_bid_that_tells_it_says_and_is_not_open_afterwards()
    {
        _figures.Add(Bid(5), "1", Noon);
        _figures.Add(Bid(6), "2", Noon, closes: Noon.AddSeconds(30));
        _figures.Add(Bid(7), "3", Noon, closes: Noon.AddSeconds(90));

        var auction = Assert.Single(_figures.Auctions());
        Assert.Equal(Noon.AddSeconds(30), auction.Closes);
        Assert.Equal((TimeSpan.FromSeconds(30), 1), (auction.TimeLeft(_figures.SnapshotAt(Noon, 10, 5)), Open(Noon)));
        Assert.Equal(1, Open(Noon.AddSeconds(29.9)));
        Assert.Equal(0, Open(Noon.AddSeconds(31)));

        int Open(DateTimeOffset now) => _figures.SnapshotAt(now, 10, 5).Rankings.OpenAuctions;
    }

    [Fact]
    public void In_a_replay_the_time_that_is_left_goes_by_the_latest_bid()
    {
        var then = Noon.AddYears(-20);
        _figures.Add(Bid(5, time: then), "1", Noon, closes: then.AddHours(2));
        _figures.Add(Bid(5, time: then.AddMinutes(30)) with { AuctionId = "other" }, "2", Noon);

        var snapshot = _figures.SnapshotAt(Noon, 10, 5);

        Assert.Equal(TimeSpan.FromMinutes(90), _figures.Auctions()[0].TimeLeft(snapshot));
        Assert.Null(_figures.Auctions()[1].TimeLeft(snapshot));
        Assert.Equal(2, snapshot.Rankings.OpenAuctions);
    }

    [Fact]
    public void An_auction_is_open_when_it_had_a_bid_within_the_window()
    {
        Add(5, auction: "a", arrived: Noon.AddMinutes(-10));
        Add(5, auction: "b", arrived: Noon.AddMinutes(-10).AddTicks(-1));
        Add(5, auction: null);

        Assert.Equal(1, Snapshot().Rankings.OpenAuctions);
        Assert.Equal(2, Snapshot().AuctionCount);
    }

    [Fact]
    public void The_mean_of_an_item_is_that_of_its_latest_bids_by_their_own_time()
    {
        foreach (var second in (int[])[6, 1, 5, 2, 4, 3])
        {
            _figures.Add(Bid(second * 100, time: Noon.AddSeconds(second)), $"{second}", Noon);
        }

        Assert.Equal(400m, Assert.Single(_figures.Items()).Mean); // 2 to 6
    }

    [Fact]
    public void Busy_auctions_are_those_of_the_clocks_window()
    {
        Add(5, auction: "steady", arrived: Noon.AddSeconds(-54));
        Add(5, auction: "steady", arrived: Noon.AddSeconds(-1));
        Add(5, auction: "before", arrived: Noon.AddSeconds(-54).AddTicks(-1)); // the window opens at 11:59:06
        Add(5, auction: "before", arrived: Noon.AddSeconds(-100));

        var hot = Snapshot().Rankings.Hot;

        Assert.Equal([("steady", 2)], hot[HotWindow.Minute].Select(h => (h.Auction.AuctionId, h.RecentBids)));
        Assert.Equal([("before", 2), ("steady", 2)], hot[HotWindow.TenMinutes].Select(h => (h.Auction.AuctionId, h.RecentBids)));
        Assert.Equal(2, hot[HotWindow.Hour].Count);
        Assert.Empty(Snapshot(Noon.AddHours(2)).Rankings.Hot[HotWindow.Hour]);
    }

    [Fact]
    public void Busy_auctions_of_an_item_are_listed_where_those_of_others_are_busier()
    {
        foreach (var number in Enumerable.Range(0, 40))
        {
            _figures.Add(Some.Bid(5, "toys", Noon, auctionId: $"t{number % 20}"), $"t{number}", Noon);
        }

        _figures.Add(Some.Bid(5, "art", Noon, auctionId: "rare"), "a", Noon);

        Assert.All(Snapshot().Rankings.Hot[HotWindow.Minute], hot => Assert.Equal("toys", hot.Auction.Item));
        Assert.Equal([("rare", 1)], _figures.FindHot("art", Noon)![HotWindow.Minute].Select(h => (h.Auction.AuctionId, h.RecentBids)));
        Assert.Equal(10, _figures.FindHot("toys", Noon)![HotWindow.Hour].Count);
        Assert.Empty(_figures.FindHot("art", Noon.AddHours(2))![HotWindow.Hour]);
        Assert.Null(_figures.FindHot("none", Noon));
    }

    [Fact]
    public void The_line_of_means_goes_on_with_each_arrival_also_when_older_bids_follow_newer_ones()
    {
        foreach (var (number, amount) in new[] { 100, 100, 100, 100, 100, 300, 300, 300 }.Index())
        {
            _figures.Add(Bid(amount, time: Noon.AddDays(-number)), $"{number}", Noon.AddSeconds(5 * number));
        }

        Assert.Equal([100m, 100, 100, 100, 100, 140, 180, 220], Assert.Single(Snapshot(Noon.AddMinutes(1)).Prices).Means.Select(mean => mean.Amount));
        Assert.Equal(100, Assert.Single(_figures.Items()).Mean);
    }

    [Fact]
    public void An_item_without_a_bid_for_60_seconds_is_stalled_until_the_next_one()
    {
        Add(5, arrived: Noon.AddSeconds(-300));
        Add(5, arrived: Noon.AddSeconds(-240)); // 60 s later: in time
        Add(5, arrived: Noon.AddSeconds(-100)); // 140 s later
        Assert.Equal([new Stall(Noon.AddSeconds(-180), Noon.AddSeconds(-100))], Stalls(Noon.AddSeconds(-41)));

        Assert.Equal([new Stall(Noon.AddSeconds(-180), Noon.AddSeconds(-100)), new Stall(Noon.AddSeconds(-40), null)], Stalls(Noon));
        Assert.DoesNotContain(Stalls(Noon.AddHours(1)), stall => stall.Until is not null);

        IReadOnlyList<Stall> Stalls(DateTimeOffset now) => Assert.Single(Snapshot(now).Prices).Stalls;
    }

    [Fact]
    public void Prices_have_the_mean_of_each_point_the_highest_of_each_minute_and_the_high_bids()
    {
        Add(100, arrived: Noon.AddSeconds(-62));
        Add(900, arrived: Noon.AddSeconds(-61));
        Add(950, arrived: Noon.AddSeconds(-61));
        Add(200, arrived: Noon.AddSeconds(-1));

        var prices = Assert.Single(Snapshot().Prices);

        Assert.Equal([new PricePoint(Noon.AddSeconds(-65), 650), new PricePoint(Noon.AddSeconds(-5), 537.5m)], prices.Means);
        Assert.Equal([new PricePoint(Noon.AddMinutes(-2), 950), new PricePoint(Noon.AddMinutes(-1), 200)], prices.Highest);
        Assert.Equal([new HighBids(Noon.AddSeconds(-65), 2, 950)], prices.High);
    }

    [Fact]
    public void The_last_2000_bids_are_kept_with_their_numbers()
    {
        Enumerable.Range(1, 2_001).ToList().ForEach(number => Add(number));

        var last = Snapshot().LastBids;

        Assert.Equal((2_000, 2L, 2_001L, true), (last.Count, last[0].Number, last[^1].Number, last[^1].IsHigh));
    }

    [Fact]
    public void The_ladder_has_the_last_200_bids_of_the_1000_auctions_that_had_bids_last()
    {
        Enumerable.Range(1, 201).ToList().ForEach(number => Add(number, auction: "kept"));
        Add(5, auction: "gone");
        Enumerable.Range(1, 998).ToList().ForEach(number => Add(5, auction: $"a{number}"));
        Add(999, auction: "kept");
        Add(5, auction: "one too many");

        Assert.Equal((200, 3m, 999m), (_figures.LadderOf("kept").Count, _figures.LadderOf("kept")[0].Amount, _figures.LadderOf("kept")[^1].Amount));
        Assert.Empty(_figures.LadderOf("gone"));
        Assert.Equal(202, _figures.FindAuction("kept")!.Bids);
        Assert.Null(_figures.FindAuction("never"));
    }

    [Fact]
    public void Beyond_the_bound_figures_are_near_and_say_that_they_are_not_exact()
    {
        const int Bound = 1_000;
        var figures = new LiveFigures(new LiveOptions(800) { ExactBound = Bound });
        var random = new Random(7);
        var (bidders, auctions, bids) = (new Dictionary<string, long>(), new Dictionary<string, long>(), 100_000);
        var amounts = new List<decimal>();
        for (var i = 0; i < bids; i++)
        {
            var (bidder, auction) = ($"b{Skewed(20_000)}", $"a{Skewed(20_000)}");
            amounts.Add(random.Next(1_000, 1_000_000) / 100m);
            bidders[bidder] = bidders.GetValueOrDefault(bidder) + 1;
            auctions[auction] = auctions.GetValueOrDefault(auction) + 1;
            figures.Add(Bid(amounts[^1], bidder, auction), $"{i}", Noon);
        }

        var snapshot = figures.SnapshotAt(Noon, rows: 100, charts: 3);

        Assert.False(snapshot.IsExact);
        Assert.Equal((bids, amounts.Sum()), (snapshot.Amounts.Bids, snapshot.Amounts.Total));
        Assert.InRange(snapshot.BidderCount / (double)bidders.Count, 0.96, 1.04); // five standard errors
        Assert.InRange(snapshot.AuctionCount / (double)auctions.Count, 0.96, 1.04);
        Assert.InRange(Assert.Single(snapshot.Items).Bidders / (double)bidders.Count, 0.96, 1.04);
        Assert.All(snapshot.Rankings.Bidders, busy => Assert.InRange(busy.Bids - bidders[busy.Key], 0, bids / Bound));
        Assert.All(snapshot.Rankings.Auctions, busy => Assert.InRange(busy.Bids - auctions[busy.AuctionId], 0, bids / Bound));
        Assert.Equal(bidders.MaxBy(b => b.Value).Key, snapshot.Rankings.Bidders[0].Key);
        amounts.Sort();
        Assert.InRange(snapshot.Rankings.P99 / amounts[bids * 99 / 100], 0.99m, 1.01m);
        Assert.Equal(bids, snapshot.Rankings.Histogram.Sum(bucket => bucket.Bids));
        Assert.All(snapshot.Rankings.Histogram, bucket => Assert.InRange(
            bucket.Bids - amounts.Count(amount => amount >= bucket.From && amount < bucket.To), -bids * 0.02, bids * 0.02));

        int Skewed(int count) => (int)(count * Math.Pow(random.NextDouble(), 3));
    }

    [Fact]
    public void Items_beyond_their_number_share_a_row()
    {
        var figures = new LiveFigures(new LiveOptions(null) { MaxItems = 3 });
        foreach (var item in (string[])["a", "b", "c", "d", "a"])
        {
            figures.Add(Some.Bid(5, item), $"{_id++}", Noon);
        }

        Assert.Equal([(LiveOptions.OtherItems, 2L), ("a", 2L), ("b", 1L)], figures.Items().Select(row => (row.Item, row.Amounts.Bids)));
        Assert.False(figures.IsExact);
    }

    private static Bid Bid(decimal amount, string bidder = "b", string? auction = "a", DateTimeOffset? time = null) =>
        Some.Bid(amount, timestamp: time ?? Noon, bidderId: bidder, auctionId: auction);

    private void Add(decimal amount, string? auction = null, DateTimeOffset? arrived = null) =>
        _figures.Add(Bid(amount, auction: auction, time: arrived), $"{_id++:D9}", arrived ?? Noon);

    private LiveSnapshot Snapshot(DateTimeOffset? now = null) => _figures.SnapshotAt(now ?? Noon, rows: 10, charts: 3);
}
