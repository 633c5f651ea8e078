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
    public void Only_the_threshold_is_on_where_nothing_else_is_set()
    {
        var rules = new AlertRules(Default, new HighWaterMarks());

        Assert.Empty(For(rules, 1m));
        Assert.Empty(For(rules, 500m)); // a jump and a new high
        Assert.Equal([AlertKind.HighBid], For(rules, 801m).Select(a => a.Kind));
    }

    [Fact]
    public void Each_rule_can_be_switched_and_a_bid_may_call_for_several_alerts_with_one_identity()
    {
        var rules = new AlertRules(Default with { NewHighOf = GroupBy.Item, BidsPerMinute = 1 }, new HighWaterMarks());
        Assert.Empty(For(rules, 100m));

        var alerts = For(rules, 931.43m);

        Assert.Equal([AlertKind.HighBid, AlertKind.NewHigh, AlertKind.BidRate], alerts.Select(a => a.Kind));
        Assert.Equal([800m, 100m, 1m], alerts.Select(a => a.Figure));
        Assert.All(alerts, a => Assert.Equal("m-1", a.MessageId));
    }

    [Fact]
    public void With_every_rule_off_nothing_is_an_alert() =>
        Assert.Empty(For(new AlertRules(Default with { Threshold = null }, new HighWaterMarks()), 1_000_000m));

    [Fact]
    public void An_alert_keeps_the_end_of_the_window_with_its_bid_last()
    {
        var rules = new AlertRules(Default, new HighWaterMarks());
        for (var amount = 1; amount <= 25; amount++)
        {
            For(rules, amount);
        }

        var window = Assert.Single(For(rules, 900m)).Window;

        Assert.Equal([.. Enumerable.Range(7, 19).Select(i => (decimal)i), 900m], window.Select(e => e.Amount));
        Assert.Equal(new WindowEntry(Some.Time, 900m, "Ada Byron"), window[^1]);
    }

    [Fact]
    public void The_log_line_of_a_high_bid_is_the_contracts()
    {
        var alert = Assert.Single(For(new AlertRules(Default, new HighWaterMarks()), 931.43m));

        Assert.Equal("High bid alert: 931.43 at 2024-06-12T03:56:06.410536+00:00", alert.ToString());
    }

    private List<Alert> For(AlertRules rules, decimal amount)
    {
        var bid = Some.Bid(amount);
        return [.. rules.For(bid, "m-1", _windows.Add(bid))];
    }
}
