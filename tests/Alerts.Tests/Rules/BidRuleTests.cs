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
    public void A_bid_at_the_threshold_is_not_high_and_a_bid_just_above_it_is()
    {
        var rule = new HighBidRule(800m, NoItems);

        Assert.Null(Evaluate(rule, 800.00m));
        Assert.Equal(800m, Evaluate(rule, 800.01m));
        Assert.Equal(800m, Evaluate(rule, 800.0000000000001m));
    }

    [Fact]
    public void The_threshold_of_an_item_overrides_the_general_one()
    {
        var rule = new HighBidRule(800m, new Dictionary<string, decimal> { ["palm_pilot_m515_pda"] = 300m });

        Assert.Equal(300m, Evaluate(rule, 300.01m, "Palm Pilot M515 PDA"));
        Assert.Null(Evaluate(rule, 300m, "Palm Pilot M515 PDA"));
        Assert.Null(Evaluate(rule, 800m, "art"));
        Assert.Equal(800m, Evaluate(rule, 801m, "art"));
    }

    [Fact]
    public void Without_a_general_threshold_only_items_with_their_own_are_evaluated()
    {
        var rule = new HighBidRule(null, new Dictionary<string, decimal> { ["art"] = 0m });

        Assert.Equal(0m, Evaluate(rule, 0.01m, "art"));
        Assert.Null(Evaluate(rule, 1_000_000m, "furniture"));
    }

    [Fact]
    public void A_new_high_is_above_all_earlier_bids_and_the_first_bid_is_none()
    {
        var rule = new NewHighRule(byAuction: false, new HighWaterMarks());

        Assert.Equal([null, 10m, null, null, 12m], Evaluate(rule, 10m, 12m, 12m, 11m, 12.01m));
    }

    [Fact]
    public void A_new_high_is_per_auction_or_per_item()
    {
        var (byAuction, byItem) = (new NewHighRule(byAuction: true, new HighWaterMarks()), new NewHighRule(byAuction: false, new HighWaterMarks()));
        Bid[] bids = [Some.Bid(10m, auctionId: "1"), Some.Bid(20m, auctionId: "2"), Some.Bid(15m, auctionId: "1"), Some.Bid(30m, auctionId: "1")];

        Assert.Equal([null, null, 10m, 15m], bids.Select(b => Evaluate(byAuction, b)));
        Assert.Equal([null, 10m, null, 20m], bids.Select(b => Evaluate(byItem, b)));
    }

    [Fact]
    public void Bids_without_an_auction_are_compared_by_item_and_an_auction_never_equals_an_item()
    {
        var rule = new NewHighRule(byAuction: true, new HighWaterMarks());

        Assert.Null(Evaluate(rule, Some.Bid(10m, "art")));
        Assert.Null(Evaluate(rule, Some.Bid(20m, "art", auctionId: "art")));
        Assert.Equal(10m, Evaluate(rule, Some.Bid(11m, "ART")));
    }

    [Fact]
    public void A_jump_is_measured_against_the_mean_of_the_others_in_a_full_window()
    {
        var rule = new PriceJumpRule(50m);

        Assert.Equal([null, null, null, 120m], Evaluate(rule, 100m, 100m, 140m, 180.01m));
        Assert.Equal([null, null, null], Evaluate(rule, 100m, 140m, 180m)); // exactly half as much more
    }

    [Fact]
    public void In_a_window_of_one_bid_nothing_jumps_and_nothing_stalls()
    {
        var window = new RollingWindow<Bid>(1, b => b.Amount);
        window.Add(Some.Bid(1m));

        Assert.Null(new PriceJumpRule(0).Evaluate(window.Latest, window));
        Assert.Null(new StalledPriceRule(1m).Evaluate(window.Latest, window));
    }

    [Fact]
    public void A_stalled_window_alerts_once_until_it_moves_again()
    {
        var rule = new StalledPriceRule(1m);

        Assert.Equal([null, null, 1m, null], Evaluate(rule, 10m, 10.50m, 10.99m, 10.60m)); // full with the third
        Assert.Equal([null, null, null, 1m], Evaluate(rule, 11.60m, 12m, 12.60m, 12.50m)); // 11.60 - 10.60 is not less than 1
    }

    [Fact]
    public void Too_many_bids_a_minute_alert_once_for_each_item()
    {
        var rule = new BidRateRule(2);

        Assert.Equal([null, null, 2m, null], Enumerable.Range(0, 4).Select(i => Evaluate(rule, Some.Bid(item: "art", timestamp: Some.Time.AddSeconds(i)))));
        Assert.Equal([null, null, 2m], Enumerable.Range(0, 3).Select(i => Evaluate(rule, Some.Bid(item: "toys", timestamp: Some.Time.AddSeconds(i)))));
    }

    private decimal?[] Evaluate(IBidRule rule, params decimal[] amounts) => [.. amounts.Select(amount => Evaluate(rule, amount))];

    private decimal? Evaluate(IBidRule rule, decimal amount, string item = "electronics") => Evaluate(rule, Some.Bid(amount, item));

    private decimal? Evaluate(IBidRule rule, Bid bid) => rule.Evaluate(bid, _windows.Add(bid));
}
