namespace AuctionTracker.Letters;

/// <summary>The shortest beginnings that tell ids apart.</summary>
internal static class ShortIds
{
    private const int Shortest = 8;

    /// <summary>For each id a beginning that no other of them has, of at least 8 characters, or the whole id.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> ids)
    {
        var sorted = ids.Distinct().Order(StringComparer.Ordinal).ToList();
        var result = new Dictionary<string, string>(sorted.Count);
        for (var i = 0; i < sorted.Count; i++)
        {
            // Of all others, its neighbours share most with it.
            var shared = Math.Max(
                i > 0 ? sorted[i].AsSpan().CommonPrefixLength(sorted[i - 1]) : 0,
                i < sorted.Count - 1 ? sorted[i].AsSpan().CommonPrefixLength(sorted[i + 1]) : 0);
            result[sorted[i]] = sorted[i][..Math.Min(sorted[i].Length, Math.Max(Shortest, shared + 1))];
        }

        return result;
    }
}
