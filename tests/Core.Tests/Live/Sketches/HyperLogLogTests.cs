using System.Runtime.InteropServices;
using AuctionTracker.Core.Live.Sketches;
using Xunit;

namespace AuctionTracker.Core.Tests.Live.Sketches;

public sealed class HyperLogLogTests
{
    private const double StandardError = 1.04 / 128;

    [Fact]
    public void An_empty_sketch_estimates_0() => Assert.Equal(0, new HyperLogLog().Estimate());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(50)]
    public void A_few_texts_are_counted_exactly(int count) => Assert.Equal(count, SketchOf(1, Texts(count)).Estimate());

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    [InlineData(30_000)] // below, at and above 2.5 times the registers, where the estimator of 2007 changes over and is biased
    [InlineData(41_000)]
    [InlineData(60_000)]
    [InlineData(200_000)]
    public void Estimates_of_text_are_within_four_standard_errors(int count)
    {
        var texts = Texts(count);

        Assert.All([1u, 2u, 3u], seed => AssertIsNear(count, SketchOf(seed, texts).Estimate()));
    }

    [Theory]
    [InlineData(500, 100)]
    [InlineData(5_000, 100)]
    [InlineData(41_000, 100)]
    [InlineData(100_000, 100)]
    [InlineData(1_000_000, 20)]
    public void Estimates_are_unbiased_and_have_the_published_standard_error(int count, int runs)
    {
        var errors = Enumerable.Range(0, runs).Select(seed => (RandomHashes(seed, count).Estimate() / (double)count) - 1).ToList();

        Assert.InRange(errors.Average(), -4 * StandardError / Math.Sqrt(runs), 4 * StandardError / Math.Sqrt(runs));
        Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 0, 1.25 * StandardError);
    }

    [Fact]
    public void Neither_order_nor_repetition_changes_the_estimate()
    {
        var texts = Texts(5_000);
        var estimate = SketchOf(1, texts).Estimate();

        Assert.Equal(estimate, SketchOf(1, [.. texts.Reverse()]).Estimate());
        Assert.Equal(estimate, SketchOf(1, KeyStreams.Shuffled([.. texts, .. texts, .. texts.Take(7)], seed: 3)).Estimate());
    }

    [Theory]
    [InlineData("skewed")]
    [InlineData("uniform")]
    [InlineData("one heavy key among distinct ones")]
    public void Frequencies_do_not_matter(string shape)
    {
        var stream = KeyStreams.Named(shape);
        var sketch = SketchOf(5, [.. stream.Select(key => $"{key}")]);

        AssertIsNear(stream.Distinct().Count(), sketch.Estimate());
    }

    [Fact]
    public void The_same_seed_gives_the_same_estimate_and_the_default_seed_is_random()
    {
        var texts = Texts(20_000);

        Assert.Equal(SketchOf(9, texts).Estimate(), SketchOf(9, texts).Estimate());
        Assert.True(Enumerable.Range(0, 5).Select(_ => SketchOf(null, texts).Estimate()).Distinct().Count() > 1);
    }

    [Fact]
    public void Texts_chosen_to_hide_under_one_seed_are_counted_under_another()
    {
        // The texts share 64 of the 16,384 registers under seed 1.
        string[] chosen = [.. Texts(256_000).Where(text => SipHash.Hash(MemoryMarshal.AsBytes(text.AsSpan()), 1) >> 50 < 64)];

        Assert.InRange(chosen.Length, 900, 1_100);
        Assert.InRange(SketchOf(1, chosen).Estimate(), 1, 100);
        AssertIsNear(chosen.Length, SketchOf(2, chosen).Estimate());
    }

    [Fact]
    public void Texts_that_differ_in_case_or_in_one_character_differ()
    {
        Assert.Equal(6, SketchOf(1, "", "a", "A", "a\0", "ä", "aa").Estimate());
        Assert.Equal(1, SketchOf(1, "auction", string.Concat("auc", "tion")).Estimate());
    }

    [Fact]
    public void Hashes_of_all_zeros_and_all_ones_are_counted()
    {
        var sketch = new HyperLogLog();
        sketch.AddHash(0);
        sketch.AddHash(ulong.MaxValue);

        Assert.Equal(2, sketch.Estimate());
    }

    [Fact]
    public void A_full_sketch_estimates_more_than_can_come()
    {
        var sketch = new HyperLogLog();
        for (ulong register = 0; register < 1 << 14; register++)
        {
            sketch.AddHash(register << 50);
        }

        Assert.Equal(long.MaxValue, sketch.Estimate());
    }

    [Fact]
    public void Adding_and_estimating_take_no_memory()
    {
        var texts = Texts(1_000);
        var sketch = SketchOf(1, texts);
        var estimate = sketch.Estimate();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var text in texts)
        {
            sketch.Add(text);
            estimate = sketch.Estimate();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(estimate, 970, 1_030);
    }

    private static void AssertIsNear(int count, long estimate) =>
        Assert.InRange(estimate / (double)count, 1 - (4 * StandardError), 1 + (4 * StandardError));

    private static string[] Texts(int count) => [.. Enumerable.Range(0, count).Select(i => $"bidder-{i}")];

    private static HyperLogLog SketchOf(uint? seed, params string[] texts)
    {
        var sketch = new HyperLogLog(seed);
        Array.ForEach(texts, text => sketch.Add(text));
        return sketch;
    }

    private static HyperLogLog RandomHashes(int seed, int count)
    {
        var sketch = new HyperLogLog();
        var random = new Random(seed);
        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(hash);
            sketch.AddHash(BitConverter.ToUInt64(hash));
        }

        return sketch;
    }
}
