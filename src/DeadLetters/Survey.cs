using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Letters;

/// <summary>
/// The letters a command will act on, decided once, before it does anything: what comes later, or comes back because it failed
/// again, is none of them.
/// </summary>
internal sealed class Survey
{
    private const int MostCandidates = 10;

    private readonly List<(LetterKey Key, Destination? Origin)> _letters;
    private readonly HashSet<LetterKey> _keys;

    private Survey(List<(LetterKey Key, Destination? Origin)> letters) =>
        (_letters, _keys) = (letters, [.. letters.Select(l => l.Key)]);

    public int Count => _letters.Count;

    public IEnumerable<LetterKey> Keys => _keys;

    /// <summary>Looks through the queue, and leaves it as it is.</summary>
    /// <exception cref="ProgramException">One of the selection's ids is no letter's, or the beginning of several.</exception>
    public static async Task<Survey> TakeAsync(LetterQueue queue, Selection selection, CancellationToken stop)
    {
        var letters = new List<(LetterKey Key, Destination? Origin)>();
        await queue.PassAsync("Reading", async pass =>
        {
            letters.Clear();
            await foreach (var letter in pass.ReadAsync(selection.Includes, selection.Limit))
            {
                letters.Add((letter.Key, letter.Origin));
            }
        }, stop);

        if (selection.Ids.Count == 0)
        {
            return new Survey(letters);
        }

        var ids = letters.Select(l => l.Key.Id).ToHashSet();
        var named = selection.Ids.Select(id => Resolve(id, ids)).ToHashSet();
        return new Survey(letters.FindAll(l => named.Contains(l.Key.Id)));
    }

    public bool Includes(Letter letter) => _keys.Contains(letter.Key);

    /// <summary>The oldest of them alone: the same message may lie here twice.</summary>
    public Survey First() => new([_letters[0]]);

    /// <summary>Where they go, and how many go there.</summary>
    /// <param name="to">Where they shall go; <see langword="null"/>: each to where it came from.</param>
    /// <exception cref="ProgramException">One does not say where it came from.</exception>
    public IReadOnlyDictionary<Destination, int> Destinations(Destination? to)
    {
        if (to is null && _letters.FindIndex(l => l.Origin is null) is >= 0 and var first)
        {
            throw new ProgramException(
                $"{_letters.Count(l => l.Origin is null)} of {Count} letters do not say where they came from, as {_letters[first].Key.Id}. " +
                "Nothing was sent. Name the queue they shall go to with --to QUEUE.");
        }

        return _letters.GroupBy(l => to ?? l.Origin!).ToDictionary(g => g.Key, g => g.Count());
    }

    private static string Resolve(string beginning, HashSet<string> ids)
    {
        if (ids.Contains(beginning))
        {
            return beginning;
        }

        var candidates = ids.Where(id => id.StartsWith(beginning, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw new ProgramException($"No dead letter's id begins with '{beginning}'. The command list shows them."),
            var count => throw new ProgramException(
                $"'{beginning}' is the beginning of {count} ids: {string.Join(", ", candidates.Take(MostCandidates))}" +
                $"{(count > MostCandidates ? ", …" : "")}. Write more of the one you mean."),
        };
    }
}
