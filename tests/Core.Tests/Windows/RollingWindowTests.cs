using AuctionTracker.Core.Windows;
using Xunit;

namespace AuctionTracker.Core.Tests.Windows;

public sealed class RollingWindowTests
{
    [Fact]
    public void Oldest_bid_leaves_when_the_window_is_full()
    {
        var window = WindowOf(3, 10m, 20m, 30m, 40m);

        Assert.Equal([20m, 30m, 40m], window);
        Assert.Equal(new WindowSummary(Count: 3, Latest: 40m, High: 40m, Low: 20m, Sum: 90m, Mean: 30m), window.Summary);
    }

    [Fact]
    public void A_window_that_is_not_full_keeps_every_entry()
    {
        var window = WindowOf(5, 30m, 10m);

        Assert.Equal([30m, 10m], window);
        Assert.Equal(2, window.Count);
        Assert.Equal(5, window.Capacity);
        Assert.Equal(new WindowSummary(Count: 2, Latest: 10m, High: 30m, Low: 10m, Sum: 40m, Mean: 20m), window.Summary);
    }

    [Fact]
    public void Memory_grows_with_the_entries_and_not_with_the_capacity()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var window = WindowOf(1_000_000, 1m, 2m, 3m);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1_000_000, window.Capacity);
        Assert.InRange(taken, 1, 10_000);
    }

    [Fact]
    public void High_and_low_follow_when_their_bid_is_removed()
    {
        var window = WindowOf(2, 1m, 99m, 50m, 60m);

        Assert.Equal(60m, window.Summary.High);
        Assert.Equal(50m, window.Summary.Low);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(100)]
    public void After_every_bid_it_equals_a_list_of_the_last_ones(int capacity)
    {
        var random = new Random(capacity);
        var window = new RollingWindow<decimal>(capacity, v => v);
        var expected = new List<decimal>();
        for (var i = 0; i < 1_000; i++)
        {
            var value = random.Next(1, 100_000) / 100m;
            window.Add(value);
            expected.Add(value);
            if (expected.Count > capacity)
            {
                expected.RemoveAt(0);
            }

            Assert.Equal(expected, window);
            Assert.Equal(expected.Count, window.Count);
            Assert.Equal(expected[^1], window.Latest);
            Assert.Equal(new WindowSummary(expected.Count, expected[^1], expected.Max(), expected.Min(), expected.Sum(), expected.Sum() / expected.Count), window.Summary);
        }
    }

    [Fact]
    public void The_mean_does_not_drift()
    {
        // In double, taking a trillion away again leaves 0.10 as 0.0999755859375.
        var window = WindowOf(2, 1_000_000_000_000m, 0.1m, 0.1m);
        Assert.Equal(0.1m, window.Summary.Mean);

        for (var i = 0; i < 10_001; i++)
        {
            window.Add(i % 2 == 0 ? 1_000_000_000_000m : 0.01m);
        }

        window.Add(0.01m);
        window.Add(0.02m);
        Assert.Equal(0.015m, window.Summary.Mean);
    }

    [Fact]
    public void Latest_returns_the_newest_entry()
    {
        var window = new RollingWindow<string>(2, s => s.Length);
        window.Add("a");
        window.Add("bbb");
        window.Add("cc");

        Assert.Equal("cc", window.Latest);
        Assert.Equal(["bbb", "cc"], window);
        Assert.Equal(2.5m, window.Summary.Mean);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_capacity_below_1_is_an_error(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RollingWindow<decimal>(capacity, v => v));

    [Fact]
    public void An_empty_window_has_no_latest_and_no_summary()
    {
        var window = WindowOf(3);

        Assert.Empty(window);
        Assert.Equal("The window is empty.", Assert.Throws<InvalidOperationException>(() => window.Latest).Message);
        Assert.Equal("The window is empty.", Assert.Throws<InvalidOperationException>(() => window.Summary).Message);
    }

    private static RollingWindow<decimal> WindowOf(int capacity, params decimal[] values)
    {
        var window = new RollingWindow<decimal>(capacity, v => v);
        Array.ForEach(values, window.Add);
        return window;
    }
}
