using AuctionTracker.Core.Live;
using Xunit;

namespace AuctionTracker.Core.Tests.Live;

/// <summary>The buckets of the chart of amounts.</summary>
public sealed class AmountChartTests
{
    [Fact]
    public void Without_amounts_there_are_no_buckets() => Assert.Empty(new AmountDistribution().Chart(20).Buckets);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_amount_far_above_the_others_is_in_the_last_bucket_and_leaves_them_apart(bool isExact)
    {
        var amounts = new AmountDistribution(isExact ? AmountDistribution.DefaultBound : 100);
        Enumerable.Range(1, 999).ToList().ForEach(amount => amounts.Add(amount));
        amounts.Add(1_000_000);

        var chart = amounts.Chart(20);

        Assert.True(chart.IsOpenEnded);
        Assert.Equal((0m, 60m, 1_140m), (chart.Buckets[0].From, chart.Buckets[0].To, chart.Buckets[^1].From));
        Assert.Equal((1_000, 1), (chart.Buckets.Sum(bucket => bucket.Bids), chart.Buckets[^1].Bids));
        Assert.All(chart.Buckets.Take(16), bucket => Assert.InRange(bucket.Bids, 45, 75));
    }

    [Theory]
    [InlineData(0.01, 0.01)]
    [InlineData(5, 5)]
    [InlineData(0.0001, 0.0001)]
    [InlineData(1_000_000_000_000, 1_000_000_000_000)]
    [InlineData(12.34, 98.76)]
    [InlineData(500, 500.5)]
    public void All_amounts_are_within_buckets_with_whole_cents(decimal lowest, decimal highest)
    {
        var amounts = new AmountDistribution();
        amounts.Add(lowest);
        amounts.Add(highest);

        var chart = amounts.Chart(20);

        Assert.False(chart.IsOpenEnded);
        Assert.Equal(20, chart.Buckets.Count);
        Assert.Equal(2, chart.Buckets.Where(bucket => bucket.From <= highest && lowest < bucket.To).Sum(bucket => bucket.Bids));
        Assert.All(chart.Buckets, bucket => Assert.Equal(bucket.From, decimal.Round(bucket.From, 2)));
    }
}
