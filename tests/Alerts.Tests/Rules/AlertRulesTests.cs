using AuctionTracker.Alerts.Rules;
using AuctionTracker.Core.Settings;
using AuctionTracker.Core.Windows;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Rules;

public sealed class AlertRulesTests
{
    private static readonly RuleSettings Default = new(800m, new Dictionary<string, decimal>());

    private readonly ItemWindows _windows = new(capacity: 30);

    [Fact]
    public void By_default_only_the_threshold_is_enabled()
    {
        var rules = new AlertRules(Default, new HighWaterMarks());

        Assert.Empty(Evaluate(rules, 1m));
        Assert.Empty(Evaluate(rules, 500m)); // a jump and a new high
        Assert.Equal([AlertKind.HighBid], Evaluate(rules, 801m).Select(a => a.Kind));
    }

    [Fact]
    public void A_bid_may_raise_several_alerts_with_the_same_message_id()
    {
        var rules = new AlertRules(Default with { NewHighOf = GroupBy.Item, BidsPerMinute = 1 }, new HighWaterMarks());
        Assert.Empty(Evaluate(rules, 100m));

        var alerts = Evaluate(rules, 931.43m);

        Assert.Equal([AlertKind.HighBid, AlertKind.NewHigh, AlertKind.BidRate], alerts.Select(a => a.Kind));
        Assert.Equal([800m, 100m, 1m], alerts.Select(a => a.Baseline));
        Assert.All(alerts, a => Assert.Equal("m-1", a.MessageId));
    }

    [Fact]
    public void Without_enabled_rules_no_bid_raises_an_alert() =>
        Assert.Empty(Evaluate(new AlertRules(Default with { Threshold = null }, new HighWaterMarks()), 1_000_000m));

    [Fact]
    public void An_alert_has_the_last_bids_of_the_window_ending_with_its_own()
    {
        var rules = new AlertRules(Default, new HighWaterMarks());
        for (var amount = 1; amount <= 25; amount++)
        {
            Evaluate(rules, amount);
        }

        var window = Assert.Single(Evaluate(rules, 900m)).Window;

        Assert.Equal([.. Enumerable.Range(7, 19).Select(i => (decimal)i), 900m], window.Select(e => e.Amount));
        Assert.Equal(new WindowEntry(Some.Time, 900m, "Ada Byron"), window[^1]);
    }

    [Fact]
    public void The_log_line_of_a_high_bid_is_that_of_the_contract()
    {
        var alert = Assert.Single(Evaluate(new AlertRules(Default, new HighWaterMarks()), 931.43m));

        Assert.Equal("High bid alert: 931.43 at 2024-06-12T03:56:06.410536+00:00", alert.ToString());
    }

    private List<Alert> Evaluate(AlertRules rules, decimal amount)
    {
        var bid = Some.Bid(amount);
        return [.. rules.Evaluate(bid, "m-1", _windows.Add(bid))];
    }
}
