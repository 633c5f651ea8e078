using AuctionTracker.Core.Live.Sketches;
using Xunit;

namespace AuctionTracker.Core.Tests.Live.Sketches;

public sealed class DDSketchTests
{
    private static readonly double[] Quantiles = [0, 0.001, 0.01, 0.1, 0.25, 1 / 3.0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1];

    public static TheoryData<string> Shapes =>
        ["uniform", "skewed", "over the whole range", "two values far apart", "all equal", "cents", "powers of gamma", "one outlier"];

    public static TheoryData<string, double, int> ShapesAndAccuracies
    {
        get
        {
            var data = new TheoryData<string, double, int>();
            foreach (string shape in Shapes)
            {
                data.Add(shape, 0.01, 2_048);
                data.Add(shape, 0.005, 4_096);
                data.Add(shape, 0.05, 512);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ShapesAndAccuracies))]
    public void Every_quantile_is_within_the_relative_accuracy(string shape, double accuracy, int buckets)
    {
        var values = Values(shape);
        var sketch = new DDSketch(accuracy, buckets);
        Array.ForEach(values, value => sketch.Add(value));

        Assert.False(sketch.IsCollapsed);
        AssertAccurate(values, sketch, Quantiles, accuracy);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_order_of_the_values_does_not_matter(string shape)
    {
        var values = Values(shape);
        var estimates = Estimates(values);

        Assert.Equal(estimates, Estimates([.. values.Order()]));
        Assert.Equal(estimates, Estimates([.. values.OrderDescending()]));
        Assert.Equal(estimates, Estimates(KeyStreams.Shuffled(values, seed: 5)));

        // Few buckets, so that the lowest collapse.
        double[] Estimates(double[] order)
        {
            var sketch = new DDSketch(maxBuckets: 100);
            Array.ForEach(order, value => sketch.Add(value));
            return [.. Quantiles.Select(sketch.Quantile), sketch.Min, sketch.Max];
        }
    }

    [Fact]
    public void A_count_is_as_many_values()
    {
        var (one, many) = (new DDSketch(), new DDSketch());
        foreach (var (value, count) in new[] { (10.0, 3), (800.0, 1), (20.5, 6) })
        {
            many.Add(value, count);
            for (var i = 0; i < count; i++)
            {
                one.Add(value);
            }
        }

        Assert.Equal(10, many.Count);
        Assert.Equal(Quantiles.Select(one.Quantile), Quantiles.Select(many.Quantile));
    }

    [Fact]
    public void Between_two_values_it_interpolates()
    {
        var sketch = SketchOf(100, 200);

        Assert.Equal(100, sketch.Quantile(0));
        Assert.InRange(sketch.Quantile(0.5), 148.5, 151.5);
        Assert.InRange(sketch.Quantile(0.25), 123.75, 126.25);
        Assert.Equal(200, sketch.Quantile(1));
    }

    [Fact]
    public void The_lowest_and_the_highest_value_are_exact()
    {
        var sketch = SketchOf(222.59, 10.01, 1_000_000_000_000, 0.0001, 931.43);

        Assert.Equal((0.0001, 1e12, 5L), (sketch.Min, sketch.Max, sketch.Count));
        Assert.Equal((0.0001, 1e12), (sketch.Quantile(0), sketch.Quantile(1)));
    }

    [Fact]
    public void One_value_is_every_quantile() => Assert.All(Quantiles, q => Assert.Equal(222.59, SketchOf(222.59).Quantile(q)));

    [Fact]
    public void The_default_buckets_hold_all_amounts_of_bids()
    {
        Assert.False(SketchOf(0.0001, 1e12).IsCollapsed);
        Assert.False(SketchOf(1e12, 0.0001).IsCollapsed);
    }

    [Theory]
    [InlineData(1e-4, 1e12)]
    [InlineData(1e12, 1e-4)]
    public void Low_values_collapse_when_the_buckets_do_not_suffice_and_high_quantiles_stay_accurate(double first, double second)
    {
        // 100 buckets of 1 % span a factor of 7.4.
        double[] values = [first, second, .. Enumerable.Range(0, 998).Select(i => 2e11 + (8e8 * i))];
        var sketch = new DDSketch(maxBuckets: 100);
        Array.ForEach(values, value => sketch.Add(value));

        Assert.True(sketch.IsCollapsed);
        Assert.Equal((1e-4, 1e12, 1_000L), (sketch.Min, sketch.Max, sketch.Count));
        AssertAccurate(values, sketch, [0.01, 0.1, 0.5, 0.9, 0.99, 1], 0.01);
    }

    [Fact]
    public void Values_that_the_buckets_just_hold_do_not_collapse()
    {
        var gamma = 1.01 / 0.99;

        Assert.False(Collapses(Math.Pow(gamma, 8.5)));
        Assert.True(Collapses(Math.Pow(gamma, 9.5)));

        // 0.999 is in bucket 0.
        static bool Collapses(double highest)
        {
            var sketch = new DDSketch(maxBuckets: 10);
            sketch.Add(0.999);
            sketch.Add(highest);
            return sketch.IsCollapsed;
        }
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    public void Memory_does_not_grow_whatever_comes(double accuracy)
    {
        var sketch = new DDSketch(accuracy, maxBuckets: 16);
        var random = new Random(3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2_000; i++)
        {
            sketch.Add(Math.Exp((random.NextDouble() * 1_400) - 700));
        }

        sketch.Add(double.Epsilon);
        sketch.Add(double.MaxValue);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((double.Epsilon, double.MaxValue), (sketch.Quantile(0), sketch.Quantile(1)));
        Assert.InRange(sketch.Quantile(0.5), sketch.Min, sketch.Max);
    }

    [Fact]
    public void One_bucket_still_has_exact_ends()
    {
        var sketch = new DDSketch(maxBuckets: 1);
        sketch.Add(5);
        sketch.Add(1);
        sketch.Add(9);

        Assert.Equal((1.0, 9.0, 3L, true), (sketch.Quantile(0), sketch.Quantile(1), sketch.Count, sketch.IsCollapsed));
        Assert.InRange(sketch.Quantile(0.5), 1, 9);
    }

    [Fact]
    public void An_empty_sketch_has_no_figures()
    {
        var sketch = new DDSketch();

        Assert.Equal(0, sketch.Count);
        Assert.False(sketch.IsCollapsed);
        Assert.Equal("The sketch is empty.", Assert.Throws<InvalidOperationException>(() => sketch.Min).Message);
        Assert.Equal("The sketch is empty.", Assert.Throws<InvalidOperationException>(() => sketch.Max).Message);
        Assert.Equal("The sketch is empty.", Assert.Throws<InvalidOperationException>(() => sketch.Quantile(0.5)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_value_that_is_not_above_zero_and_finite_is_an_error(double value)
    {
        var sketch = new DDSketch();

        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Add(value));
        Assert.Equal(0, sketch.Count);
    }

    [Fact]
    public void A_parameter_outside_its_range_is_an_error()
    {
        Assert.All([0, -0.1, 0.51, double.NaN], accuracy => Assert.Throws<ArgumentOutOfRangeException>(() => new DDSketch(accuracy)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DDSketch(maxBuckets: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DDSketch().Add(1, 0));
        Assert.All([-0.001, 1.001, double.NaN], q => Assert.Throws<ArgumentOutOfRangeException>(() => SketchOf(1).Quantile(q)));
    }

    [Fact]
    public void A_count_that_overflows_is_an_error_and_changes_nothing()
    {
        var sketch = new DDSketch();
        sketch.Add(5, long.MaxValue);

        Assert.Throws<OverflowException>(() => sketch.Add(7));
        Assert.Equal((5.0, 5.0, long.MaxValue), (sketch.Quantile(0.5), sketch.Max, sketch.Count));
    }

    private static DDSketch SketchOf(params double[] values)
    {
        var sketch = new DDSketch();
        Array.ForEach(values, value => sketch.Add(value));
        return sketch;
    }

    private static double[] Values(string shape)
    {
        var random = new Random(11);
        double[] Random(Func<double, double> value) => [.. Enumerable.Range(0, 20_000).Select(_ => value(random.NextDouble()))];
        return shape switch
        {
            "uniform" => Random(u => 10 + (990 * u)),
            "skewed" => Random(u => Math.Min(1e12, Math.Pow(1 - u, -2))),
            "over the whole range" => Random(u => Math.Exp(Math.Log(1e-4) + (u * Math.Log(1e16)))),
            "two values far apart" => Random(u => u < 0.5 ? 0.0001 : 1e12),
            "all equal" => Random(_ => 222.59),
            "cents" => Random(u => Math.Ceiling(u * 100) / 100),
            "powers of gamma" => Random(u => Math.Pow(1.01 / 0.99, Math.Round(u * 100))),
            "one outlier" => [.. Random(u => 1 + u), 1e12],
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
        };
    }

    /// <summary>Compares with the exact quantile as SQL's percentile_cont defines it.</summary>
    private static void AssertAccurate(double[] values, DDSketch sketch, double[] quantiles, double accuracy)
    {
        double[] sorted = [.. values.Order()];
        Assert.Equal(sorted.Length, sketch.Count);
        Assert.All(quantiles, q =>
        {
            var position = q * (sorted.Length - 1);
            var (low, high) = (sorted[(int)position], sorted[(int)Math.Ceiling(position)]);
            var exact = low + ((position - (int)position) * (high - low));
            Assert.InRange(Math.Abs(sketch.Quantile(q) - exact) / exact, 0, accuracy + 1e-12);
        });
    }
}
