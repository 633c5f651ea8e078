using AuctionTracker.Core.Alerts;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Alerts;

public sealed class HighBidRuleTests
{
    private readonly HighBidRule _rule = new(Threshold: 800m);

    [Fact]
    public void A_bid_of_the_threshold_is_not_high() => Assert.False(_rule.IsHigh(Some.Bid(amount: 800.00m)));

    [Fact]
    public void A_bid_of_a_cent_more_is_high() => Assert.True(_rule.IsHigh(Some.Bid(amount: 800.01m)));

    [Fact]
    public void A_bid_of_a_hair_more_is_high() => Assert.True(_rule.IsHigh(Some.Bid(amount: 800.0000000000001m)));
}
