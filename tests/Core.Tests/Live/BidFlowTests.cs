using AuctionTracker.Core.Live;
using Xunit;

namespace AuctionTracker.Core.Tests.Live;

public sealed class BidFlowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly BidFlow _flow = new(new Timeline(TimeSpan.FromMinutes(10)));

    [Theory]
    [InlineData(10, 1, 11)]
    [InlineData(120, 1, 121)]
    [InlineData(121, 2, 62)]
    [InlineData(600, 5, 121)]
    [InlineData(3600, 30, 121)]
    [InlineData(4 * 86_400, 3600, 97)]
    public void A_window_has_at_most_120_points_of_whole_seconds_and_the_one_that_is_not_over(int seconds, int step, int points)
    {
        var timeline = new Timeline(TimeSpan.FromSeconds(seconds));

        Assert.Equal((step, points), (timeline.Step, timeline.Points));
    }

    [Theory]
    [InlineData(9.999)]
    [InlineData(4 * 86_400 + 1)]
    public void A_window_outside_10_seconds_to_4_days_is_refused(double seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Timeline(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_rate_is_the_mean_of_the_last_five_whole_seconds()
    {
        Add(-6, 100); // too early
        Add(-5, 3);
        Add(-1, 7);
        Add(0, 50); // this second is not over

        Assert.Equal(2, _flow.RateAt(Noon.AddMilliseconds(900)));
        Assert.Equal(57 / 5.0, _flow.RateAt(Noon.AddSeconds(1)));
        Assert.Equal(100, _flow.Peak);
    }

    [Fact]
    public void The_rate_falls_to_zero_when_no_bid_comes()
    {
        Add(0, 10);

        Assert.Equal(2, _flow.RateAt(Noon.AddSeconds(5)));
        Assert.Equal(0, _flow.RateAt(Noon.AddSeconds(6)));
    }

    [Fact]
    public void Points_keep_their_place_and_value_while_time_goes_on()
    {
        Add(-300, 10);
        Add(-2, 5);
        var before = _flow.PointsAt(Noon).ToDictionary(p => p.Opens);

        foreach (var point in _flow.PointsAt(Noon.AddSeconds(12)).Where(p => before.ContainsKey(p.Opens) && p.Opens < Noon))
        {
            Assert.Equal(before[point.Opens], point);
        }

        Assert.Equal((Noon.AddSeconds(-5), 1.0, 15L), (before[Noon.AddSeconds(-5)].Opens, before[Noon.AddSeconds(-5)].Rate, before[Noon.AddSeconds(-5)].Total));
        Assert.Equal(Noon.AddSeconds(-600), before.Keys.Min());
    }

    [Fact]
    public void The_total_goes_on_beyond_the_window_and_the_points_do_not()
    {
        for (var second = 0; second < 3_000; second++)
        {
            Add(second, 1);
        }

        var points = _flow.PointsAt(Noon.AddSeconds(2_999));

        Assert.Equal(3_000, points[^1].Total);
        Assert.Equal(Noon.AddSeconds(2_995 - 600), points[0].Opens);
        Assert.All(points, point => Assert.Equal(1, point.Rate));
        Assert.Equal(2_400, points[0].Total);
    }

    [Fact]
    public void The_point_that_is_not_over_has_the_rate_of_its_whole_seconds_so_far_and_that_of_the_one_before_until_there_is_one()
    {
        Add(-1, 10);
        Add(0, 4);
        Add(1, 1); // this second is not over

        Assert.Equal(2, _flow.PointsAt(Noon.AddMilliseconds(999))[^1].Rate);
        Assert.Equal(4, _flow.PointsAt(Noon.AddSeconds(1))[^1].Rate);
        Assert.Equal(2.5, _flow.PointsAt(Noon.AddSeconds(2))[^1].Rate);
    }

    [Fact]
    public void A_steady_flow_has_the_same_rate_at_each_point_at_any_moment()
    {
        Enumerable.Range(-700, 700).ToList().ForEach(second => Add(second, 3));
        for (var time = Noon; time < Noon.AddSeconds(12); time += TimeSpan.FromMilliseconds(500))
        {
            Assert.All(_flow.PointsAt(time), point => Assert.Equal(3, point.Rate));
            Add((int)(time - Noon).TotalSeconds, (time - Noon).Milliseconds == 0 ? 1 : 2);
        }
    }

    [Fact]
    public void The_order_of_arrivals_does_not_matter()
    {
        foreach (var second in (int[])[0, -400, -20, 30, -10_000, -20])
        {
            Add(second, 1);
        }

        var points = _flow.PointsAt(Noon.AddSeconds(31)).Where(p => p.Rate > 0).Select(p => (p.Opens, p.Total)).ToList();

        Assert.Equal([(Noon.AddSeconds(-400), 2L), (Noon.AddSeconds(-20), 4L), (Noon, 5L), (Noon.AddSeconds(30), 6L)], points);
    }

    private void Add(int second, int bids)
    {
        for (var i = 0; i < bids; i++)
        {
            _flow.Add(Noon.AddSeconds(second));
        }
    }
}
