using AuctionTracker.Core.Live.Sketches;
using Xunit;

namespace AuctionTracker.Core.Tests.Live.Sketches;

public sealed class SpaceSavingTests
{
    public static TheoryData<string> Shapes =>
    [
        "skewed", "slightly skewed", "uniform", "all distinct", "sorted, rare keys first", "sorted, frequent keys first", "in turns",
        "one heavy key among distinct ones", "a heavy key at the end", "a heavy key at the start",
    ];

    [Fact]
    public void Counts_are_exact_while_every_key_has_a_counter()
    {
        var sketch = SketchOf(3, "b", "a", "b", "c", "b", "c");

        Assert.True(sketch.IsExact);
        Assert.Equal([new("b", 3, 0), new("c", 2, 0), new("a", 1, 0)], sketch.Top(10));
        Assert.Equal((3, 6L, 0L), (sketch.Count, sketch.Total, sketch.MaxError));
    }

    [Fact]
    public void A_new_key_takes_over_the_smallest_counter_and_its_count_as_the_error()
    {
        var sketch = SketchOf(2, "a", "a", "a", "b", "b");

        Assert.True(sketch.Add("c", 1, out var evicted));
        Assert.Equal("b", evicted);
        Assert.Equal([new("a", 3, 0), new("c", 3, 2)], sketch.Top(2));
        Assert.Equal(1, sketch.Top(2)[1].AtLeast);
        Assert.False(sketch.IsExact);
        Assert.Equal(3, sketch.MaxError);
        Assert.False(sketch.TryGetCounter("b", out _));
    }

    [Fact]
    public void A_key_that_returns_after_its_eviction_is_new()
    {
        var sketch = SketchOf(2, "a", "a", "b", "c");

        Assert.True(sketch.Add("b", 5, out var evicted));
        Assert.Contains(evicted, new[] { "a", "c" });
        Assert.True(sketch.TryGetCounter("b", out var counter));
        Assert.Equal(new("b", 7, 2), counter);
    }

    [Fact]
    public void A_known_key_evicts_nobody()
    {
        var sketch = SketchOf(2, "a", "b");

        Assert.False(sketch.Add("a", 1, out var evicted));
        Assert.Null(evicted);
        Assert.True(sketch.IsExact);
    }

    [Fact]
    public void Equal_counts_are_in_the_order_of_their_keys_whatever_the_order_of_arrival()
    {
        string[] keys = ["Z", "a", "b", "ä", "c", "c"];
        for (var seed = 0; seed < 20; seed++)
        {
            var sketch = SketchOf(10, KeyStreams.Shuffled(keys, seed));

            Assert.Equal(["c", "Z", "a", "b"], sketch.Top(4).Select(c => c.Key));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_published_guarantees_hold(string shape)
    {
        var stream = KeyStreams.Named(shape);
        var sketch = new SpaceSaving<int>(100);
        Array.ForEach(stream, key => sketch.Add(key));
        var counts = stream.CountBy(key => key).ToDictionary();
        var top = sketch.Top(int.MaxValue);

        Assert.Equal(stream.Length, sketch.Total);
        Assert.Equal(stream.Length, top.Sum(c => c.Count));
        Assert.Equal(stream.Length / 100, sketch.MaxError);
        Assert.All(top, c => Assert.InRange(counts[c.Key], c.AtLeast, c.Count));
        Assert.All(top, c => Assert.InRange(c.Error, 0, sketch.MaxError));
        var smallest = top.Min(c => c.Count);
        Assert.All(counts, c => Assert.True(sketch.TryGetCounter(c.Key, out _) || c.Value <= smallest));
        Assert.True(smallest <= sketch.MaxError);
    }

    [Fact]
    public void The_most_frequent_keys_of_a_skewed_stream_are_found_in_order()
    {
        var stream = KeyStreams.Zipf(length: 100_000, keys: 50_000, exponent: 1.3);
        var sketch = new SpaceSaving<int>(1_000);
        Array.ForEach(stream, key => sketch.Add(key));

        Assert.False(sketch.IsExact);
        Assert.Equal(
            stream.CountBy(key => key).OrderByDescending(c => c.Value).Take(10).Select(c => c.Key),
            sketch.Top(10).Select(c => c.Key));
    }

    [Fact]
    public void Every_eviction_takes_the_smallest_counter_and_names_its_key()
    {
        var sketch = new SpaceSaving<int>(50);
        var expected = new Dictionary<int, long>();
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var (key, count) = (random.Next(random.Next(2, 500)), random.Next(1, 10));
            var isFull = expected.Count == 50 && !expected.ContainsKey(key);
            var smallest = isFull ? expected.Values.Min() : 0;

            Assert.Equal(isFull, sketch.Add(key, count, out var evicted));
            if (isFull)
            {
                Assert.True(expected.Remove(evicted, out var lost));
                Assert.Equal(smallest, lost);
            }

            expected[key] = expected.GetValueOrDefault(key, smallest) + count;
            Assert.Equal(expected.Count, sketch.Count);
        }

        Assert.Equal(
            expected.OrderByDescending(c => c.Value).ThenBy(c => c.Key),
            sketch.Top(50).Select(c => KeyValuePair.Create(c.Key, c.Count)));
    }

    [Fact]
    public void Exact_counts_of_a_dictionary_are_poured_in_and_stay_exact()
    {
        var counts = KeyStreams.Named("skewed").CountBy(key => key).ToDictionary();
        var sketch = new SpaceSaving<int>(counts.Count);
        foreach (var (key, count) in counts)
        {
            sketch.Add(key, count);
        }

        Assert.True(sketch.IsExact);
        Assert.Equal(
            counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => new Counter<int>(c.Key, c.Value, 0)),
            sketch.Top(counts.Count));

        Assert.True(sketch.Add(-1, 1, out var evicted));
        Assert.Equal(1, counts[evicted]);
        Assert.False(sketch.IsExact);
    }

    [Fact]
    public void More_counts_than_counters_are_poured_in_within_the_guarantees()
    {
        var counts = KeyStreams.Named("skewed").CountBy(key => key).ToDictionary();
        var sketch = new SpaceSaving<int>(100);
        foreach (var (key, count) in counts)
        {
            sketch.Add(key, count);
        }

        Assert.Equal(100, sketch.Count);
        Assert.All(sketch.Top(100), c => Assert.InRange(counts[c.Key], c.AtLeast, c.Count));
        Assert.All(sketch.Top(100), c => Assert.InRange(c.Error, 0, sketch.Total / 100));
    }

    [Fact]
    public void Memory_does_not_grow_once_all_counters_are_taken()
    {
        var sketch = new SpaceSaving<int>(100);
        for (var key = 0; key < 10_000; key++)
        {
            sketch.Add(key);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var key = 10_000; key < 60_000; key++)
        {
            sketch.Add(key);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100, sketch.Count);
    }

    [Fact]
    public void Memory_grows_with_the_keys_and_not_with_the_capacity()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sketch = SketchOf(1_000_000, "a", "b");
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1_000_000, sketch.Capacity);
        Assert.InRange(taken, 1, 10_000);
    }

    [Fact]
    public void One_counter_follows_the_latest_key()
    {
        var sketch = SketchOf(1, "a", "b", "a");

        Assert.Equal([new("a", 3, 2)], sketch.Top(1));
        Assert.Equal(3, sketch.MaxError);
    }

    [Fact]
    public void An_empty_sketch_has_no_counters()
    {
        var sketch = SketchOf(3);

        Assert.Empty(sketch.Top(10));
        Assert.Equal((0, 0L, 0L, true), (sketch.Count, sketch.Total, sketch.MaxError, sketch.IsExact));
    }

    [Fact]
    public void The_top_has_as_many_counters_as_asked_for_and_no_more()
    {
        var sketch = SketchOf(3, "a", "b", "c");

        Assert.Empty(sketch.Top(0));
        Assert.Equal(2, sketch.Top(2).Count);
        Assert.Equal(3, sketch.Top(4).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Top(-1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_capacity_or_a_count_below_1_is_an_error(int value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpaceSaving<string>(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => SketchOf(3).Add("a", value));
    }

    [Fact]
    public void A_total_that_overflows_is_an_error_and_changes_nothing()
    {
        var sketch = new SpaceSaving<string>(1);
        sketch.Add("a", long.MaxValue);

        Assert.Throws<OverflowException>(() => sketch.Add("a"));
        Assert.Throws<OverflowException>(() => sketch.Add("b"));
        Assert.Equal([new("a", long.MaxValue, 0)], sketch.Top(1));
        Assert.Equal(long.MaxValue, sketch.Total);
    }

    private static SpaceSaving<string> SketchOf(int capacity, params string[] keys)
    {
        var sketch = new SpaceSaving<string>(capacity, StringComparer.Ordinal);
        Array.ForEach(keys, key => sketch.Add(key));
        return sketch;
    }
}
