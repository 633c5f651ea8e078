namespace AuctionTracker.Core.Tests.Live.Sketches;

/// <summary>Seeded streams of keys: the shapes under which the guarantees of the sketches are checked.</summary>
internal static class KeyStreams
{
    /// <summary>Every shape, by its name.</summary>
    public static int[] Named(string shape) => shape switch
    {
        "skewed" => Zipf(length: 50_000, keys: 20_000, exponent: 1.1),
        "slightly skewed" => Zipf(length: 50_000, keys: 20_000, exponent: 0.7),
        "uniform" => Zipf(length: 50_000, keys: 5_000, exponent: 0),
        "all distinct" => [.. Enumerable.Range(0, 50_000)],
        "sorted, rare keys first" => [.. Zipf(50_000, 20_000, 1.1).OrderDescending()],
        "sorted, frequent keys first" => [.. Zipf(50_000, 20_000, 1.1).Order()],
        "in turns" => [.. Enumerable.Range(0, 50_000).Select(i => i % 101)], // one key more than the 100 counters of the tests
        "one heavy key among distinct ones" => [.. Enumerable.Range(1, 50_000).Select(i => i % 50 == 0 ? 0 : i)],
        "a heavy key at the end" => [.. Enumerable.Range(1, 49_000), .. Enumerable.Repeat(0, 1_000)],
        "a heavy key at the start" => [.. Enumerable.Repeat(0, 1_000), .. Enumerable.Range(1, 49_000)],
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    /// <summary>Random keys from 0 (the most frequent) on; key k has weight 1 / (k + 1)^exponent, so that 0 is uniform.</summary>
    public static int[] Zipf(int length, int keys, double exponent)
    {
        var sums = new double[keys];
        var sum = 0.0;
        for (var i = 0; i < keys; i++)
        {
            sums[i] = sum += Math.Pow(i + 1, -exponent);
        }

        var random = new Random(keys);
        return [.. Enumerable.Range(0, length).Select(_ =>
        {
            var place = Array.BinarySearch(sums, random.NextDouble() * sum);
            return Math.Min(place < 0 ? ~place : place, keys - 1);
        })];
    }

    /// <summary>The same elements in a random order.</summary>
    public static T[] Shuffled<T>(T[] elements, int seed)
    {
        T[] copy = [.. elements];
        new Random(seed).Shuffle(copy);
        return copy;
    }
}
