using AuctionTracker.Alerts.Rules;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Rules;

public sealed class RateWindowTests
{
    private static readonly DateTimeOffset Start = new(2024, 6, 12, 3, 56, 0, TimeSpan.Zero);

    private readonly RateWindow _surge = new(limit: 2);

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void What_happened_sixty_seconds_ago_no_longer_counts(int last, bool begins)
    {
        Begins(0);
        Begins(1);

        Assert.Equal(begins, Begins(last));
    }

    [Fact]
    public void It_begins_again_only_after_a_minute_without_too_many()
    {
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Where(i => Begins(0) == (i == 2)));
        Assert.False(Begins(50));
        Assert.False(Begins(109)); // with the one of second 50 not too many
        Assert.False(Begins(109)); // too many, but so it was less than a minute ago
        Assert.False(Begins(169));
        Assert.False(Begins(169));
        Assert.True(Begins(169));
    }

    [Fact]
    public void A_limit_of_none_is_passed_by_the_first() => Assert.True(new RateWindow(0).Begins(Start));

    [Fact]
    public void A_time_far_in_the_future_or_past_hides_no_surge()
    {
        Begins(0);
        Assert.False(Begins(10_000_000_000));
        Assert.False(_surge.Begins(DateTimeOffset.MinValue.AddSeconds(7)));
        Begins(1);

        Assert.True(Begins(2));
    }

    [Fact]
    public void What_comes_late_counts_for_its_own_minute()
    {
        Begins(30);
        Begins(31);

        Assert.False(Begins(29));
        Assert.True(Begins(32));
    }

    private bool Begins(long seconds) => _surge.Begins(Start.AddSeconds(seconds));
}
