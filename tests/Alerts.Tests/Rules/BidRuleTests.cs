using AuctionTracker.Alerts.Rules;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Windows;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Rules;

public sealed class BidRuleTests
{
    private static readonly Dictionary<string, decimal> NoItems = [];

    private readonly ItemWindows _windows = new(capacity: 3);

    [Fact]
    public void A_bid_of_the_threshold_is_not_high_and_one_of_a_hair_more_is()
    {
        var rule = new HighBidRule(800m, NoItems);

        Assert.Null(Judge(rule, 800.00m));
        Assert.Equal(800m, Judge(rule, 800.01m));
        Assert.Equal(800m, Judge(rule, 800.0000000000001m));
    }

    [Fact]
    public void The_threshold_of_an_item_goes_before_the_one_for_all()
    {
        var rule = new HighBidRule(800m, new Dictionary<string, decimal> { ["palm_pilot_m515_pda"] = 300m });

        Assert.Equal(300m, Judge(rule, 300.01m, "Palm Pilot M515 PDA"));
        Assert.Null(Judge(rule, 300m, "Palm Pilot M515 PDA"));
        Assert.Null(Judge(rule, 800m, "art"));
        Assert.Equal(800m, Judge(rule, 801m, "art"));
    }

    [Fact]
    public void Without_a_threshold_for_all_only_items_with_one_of_their_own_are_watched()
    {
        var rule = new HighBidRule(null, new Dictionary<string, decimal> { ["art"] = 0m });

        Assert.Equal(0m, Judge(rule, 0.01m, "art"));
        Assert.Null(Judge(rule, 1_000_000m, "furniture"));
    }

    [Fact]
    public void A_new_high_is_above_all_before_it_and_the_first_bid_is_above_none()
    {
        var rule = new NewHighRule(byAuction: false, new HighWaterMarks());

        Assert.Equal([null, 10m, null, null, 12m], Judge(rule, 10m, 12m, 12m, 11m, 12.01m));
    }

    [Fact]
    public void A_new_high_is_told_by_auction_or_by_item()
    {
        var (byAuction, byItem) = (new NewHighRule(byAuction: true, new HighWaterMarks()), new NewHighRule(byAuction: false, new HighWaterMarks()));
        Bid[] bids = [Some.Bid(10m, auctionId: "1"), Some.Bid(20m, auctionId: "2"), Some.Bid(15m, auctionId: "1"), Some.Bid(30m, auctionId: "1")];

        Assert.Equal([null, null, 10m, 15m], bids.Select(b => Judge(byAuction, b)));
        Assert.Equal([null, 10m, null, 20m], bids.Select(b => Judge(byItem, b)));
    }

    [Fact]
    public void Bids_that_name_no_auction_count_by_their_item_and_no_auction_can_be_taken_for_an_item()
    {
        var rule = new NewHighRule(byAuction: true, new HighWaterMarks());

        Assert.Null(Judge(rule, Some.Bid(10m, "art")));
        Assert.Null(Judge(rule, Some.Bid(20m, "art", auctionId: "art")));
        Assert.Equal(10m, Judge(rule, Some.Bid(11m, "ART")));
    }

    [Fact]
    public void A_jump_is_measured_against_the_mean_of_the_others_in_a_full_window()
    {
        var rule = new PriceJumpRule(50m);

        Assert.Equal([null, null, null, 120m], Judge(rule, 100m, 100m, 140m, 180.01m));
        Assert.Equal([null, null, null], Judge(rule, 100m, 140m, 180m)); // exactly half as much more
    }

    [Fact]
    public void In_a_window_of_one_bid_nothing_jumps_and_nothing_stalls()
    {
        var window = new RollingWindow<Bid>(1, b => b.Amount);
        window.Add(Some.Bid(1m));

        Assert.Null(new PriceJumpRule(0).Judge(window.Latest, window));
        Assert.Null(new StalledPriceRule(1m).Judge(window.Latest, window));
    }

    [Fact]
    public void A_window_has_stalled_once_until_it_moves_again()
    {
        var rule = new StalledPriceRule(1m);

        Assert.Equal([null, null, 1m, null], Judge(rule, 10m, 10.50m, 10.99m, 10.60m)); // full with the third
        Assert.Equal([null, null, null, 1m], Judge(rule, 11.60m, 12m, 12.60m, 12.50m)); // 11.60 - 10.60 is not less than 1
    }

    [Fact]
    public void Too_many_bids_a_minute_are_said_once_for_each_item()
    {
        var rule = new BidRateRule(2);

        Assert.Equal([null, null, 2m, null], Enumerable.Range(0, 4).Select(i => Judge(rule, Some.Bid(item: "art", timestamp: Some.Time.AddSeconds(i)))));
        Assert.Equal([null, null, 2m], Enumerable.Range(0, 3).Select(i => Judge(rule, Some.Bid(item: "toys", timestamp: Some.Time.AddSeconds(i)))));
    }

    private decimal?[] Judge(IBidRule rule, params decimal[] amounts) => [.. amounts.Select(amount => Judge(rule, amount))];

    private decimal? Judge(IBidRule rule, decimal amount, string item = "electronics") => Judge(rule, Some.Bid(amount, item));

    private decimal? Judge(IBidRule rule, Bid bid) => rule.Judge(bid, _windows.Add(bid));
}
