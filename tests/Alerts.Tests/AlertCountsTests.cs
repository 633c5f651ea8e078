using Xunit;

namespace AuctionTracker.Alerts.Tests;

public sealed class AlertCountsTests
{
    [Fact]
    public void Consumer_v4_prints_its_counts_in_this_order() => Assert.Equal(
        "received 0, handled 0, dead-lettered 0, unacked 0, waiting before 0, alerts 0, mailed 0, refused 0, waiting 0, mails 0",
        string.Join(", ", [.. AlertCommands.AlertConsumer.FinalCounts(new()), .. new AlertCounts().All]));
}
