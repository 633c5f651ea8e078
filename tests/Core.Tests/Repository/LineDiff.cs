namespace AuctionTracker.Core.Tests.Repository;

/// <summary>The lines that differ between two texts, by their longest common subsequence.</summary>
internal static class LineDiff
{
    /// <summary>Removed lines as <c>- line</c> and added lines as <c>+ line</c>, in the order of the texts.</summary>
    public static IReadOnlyList<string> Between(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var common = CommonLengths(before, after);
        var diff = new List<string>();
        var (b, a) = (0, 0);
        while (b < before.Count || a < after.Count)
        {
            if (b < before.Count && a < after.Count && before[b] == after[a])
            {
                (b, a) = (b + 1, a + 1);
            }
            else if (b < before.Count && (a == after.Count || common[b + 1, a] >= common[b, a + 1]))
            {
                diff.Add($"- {before[b++]}");
            }
            else
            {
                diff.Add($"+ {after[a++]}");
            }
        }

        return diff;
    }

    /// <summary>For each pair of lines, the length of the longest common subsequence of the texts from there to their ends.</summary>
    private static int[,] CommonLengths(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var common = new int[before.Count + 1, after.Count + 1];
        for (var b = before.Count - 1; b >= 0; b--)
        {
            for (var a = after.Count - 1; a >= 0; a--)
            {
                common[b, a] = before[b] == after[a] ? common[b + 1, a + 1] + 1 : Math.Max(common[b + 1, a], common[b, a + 1]);
            }
        }

        return common;
    }
}
