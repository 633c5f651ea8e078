using AuctionTracker.Alerts.Rules;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Rules;

public sealed class RateWindowTests
{
    private static readonly DateTimeOffset Start = new(2024, 6, 12, 3, 56, 0, TimeSpan.Zero);

    private readonly RateWindow _window = new(limit: 2);

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void An_event_sixty_seconds_ago_no_longer_counts(int last, bool exceeds)
    {
        Add(0);
        Add(1);

        Assert.Equal(exceeds, Add(last));
    }

    [Fact]
    public void An_excess_is_reported_again_only_after_a_minute_without_one()
    {
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Where(i => Add(0) == (i == 2)));
        Assert.False(Add(50));
        Assert.False(Add(109)); // two within a minute, with the one of second 50
        Assert.False(Add(109)); // three, but the last excess is less than a minute ago
        Assert.False(Add(169));
        Assert.False(Add(169));
        Assert.True(Add(169));
    }

    [Fact]
    public void The_first_event_exceeds_a_limit_of_zero() => Assert.True(new RateWindow(0).Add(Start));

    [Fact]
    public void A_time_far_in_the_future_or_past_hides_no_excess()
    {
        Add(0);
        Assert.False(Add(10_000_000_000));
        Assert.False(_window.Add(DateTimeOffset.MinValue.AddSeconds(7)));
        Add(1);

        Assert.True(Add(2));
    }

    [Fact]
    public void A_late_event_counts_in_its_own_minute()
    {
        Add(30);
        Add(31);

        Assert.False(Add(29));
        Assert.True(Add(32));
    }

    private bool Add(long seconds) => _window.Add(Start.AddSeconds(seconds));
}
