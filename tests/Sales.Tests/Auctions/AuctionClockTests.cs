using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Sales.Tests.Auctions;

public sealed class AuctionClockTests
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    [Fact]
    public void The_walls_clock_is_the_time_until_which_bids_are_read_less_the_lateness()
    {
        var clock = new AuctionClock(ClockKind.Wall, Late);

        Assert.True(clock.SeeBid(Some.Time.AddYears(5), Some.Time));
        Assert.Equal(DateTimeOffset.MinValue, clock.Time);

        clock.ReadUntil(Some.Time);
        Assert.Equal(Some.Time - Late, clock.Time);
    }

    [Fact]
    public void The_bids_clock_is_the_time_of_the_latest_bid_less_the_lateness()
    {
        var clock = new AuctionClock(ClockKind.Bids, Late);

        clock.SeeBid(Some.Time, Some.Time);
        clock.SeeBid(Some.Time.AddSeconds(-30), Some.Time);
        clock.ReadUntil(Some.Time.AddYears(5));

        Assert.Equal(Some.Time - Late, clock.Time);
    }

    [Fact]
    public void A_bid_from_the_future_does_not_move_the_bids_clock()
    {
        var clock = new AuctionClock(ClockKind.Bids, Late);

        Assert.True(clock.SeeBid(Some.Time.AddMinutes(5), Some.Time));
        Assert.False(clock.SeeBid(Some.Time.AddMinutes(5).AddTicks(1), Some.Time));
        Assert.Equal(Some.Time.AddMinutes(5) - Late, clock.Time);
    }

    [Theory]
    [InlineData(ClockKind.Wall)]
    [InlineData(ClockKind.Bids)]
    public void A_clock_that_is_set_back_stands_still_until_the_time_has_caught_up(ClockKind kind)
    {
        var clock = new AuctionClock(kind, Late);
        Move(Some.Time);
        Move(Some.Time.AddHours(-1));
        Assert.Equal(Some.Time - Late, clock.Time);

        Move(Some.Time.AddSeconds(1));
        Assert.Equal(Some.Time.AddSeconds(1) - Late, clock.Time);

        void Move(DateTimeOffset time)
        {
            clock.ReadUntil(time);
            clock.SeeBid(time, time);
        }
    }

    [Fact]
    public void A_bid_of_the_first_second_of_the_calendar_is_no_error()
    {
        var clock = new AuctionClock(ClockKind.Bids, TimeSpan.FromDays(1));

        clock.SeeBid(DateTimeOffset.MinValue.AddSeconds(1), Some.Time);

        Assert.Equal(DateTimeOffset.MinValue, clock.Time);
    }
}
