namespace AuctionTracker.Core.Settings;

/// <summary>Suggests the name that was probably meant.</summary>
internal static class TypoCorrection
{
    private const int MaxDistance = 3;

    /// <summary>The suggestion as a sentence with a blank before it; "" if no name is near, or the typed one exists.</summary>
    /// <param name="typed">The typed name. At most a third of its letters, and at most three, may be wrong.</param>
    /// <param name="names">The names that exist.</param>
    public static string Suggest(string typed, IReadOnlyCollection<string> names)
    {
        var nearest = names.MinBy(name => Distance(typed, name));
        return nearest is not null && !names.Contains(typed) && Distance(typed, nearest) <= Math.Min(MaxDistance, typed.Length / 3)
            ? $" Did you mean {nearest}?"
            : "";
    }

    /// <summary>The Levenshtein distance: how many letters to change, add or remove. Case does not count.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[b.Length];
    }
}
