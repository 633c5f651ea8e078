using AuctionTracker.Core.Hosting;

namespace AuctionTracker.DeadLetters.Queue;

/// <summary>
/// The dead letters a command acts on. They are selected before the command changes anything: a message that is dead-lettered
/// later, or again, is not one of them.
/// </summary>
internal sealed class DeadLetterSelection
{
    private const int MaxCandidates = 10;

    private readonly IReadOnlyList<(DeadLetterKey Key, Destination? Origin)> _letters;
    private readonly HashSet<DeadLetterKey> _keys;

    private DeadLetterSelection(IReadOnlyList<(DeadLetterKey Key, Destination? Origin)> letters) =>
        (_letters, _keys) = (letters, [.. letters.Select(l => l.Key)]);

    public int Count => _letters.Count;

    public IEnumerable<DeadLetterKey> Keys => _keys;

    /// <summary>Reads the queue, and leaves it as it is.</summary>
    /// <exception cref="ProgramException">One of the filter's ids matches no dead letter, or several.</exception>
    public static async Task<DeadLetterSelection> ReadAsync(DeadLetterQueue queue, DeadLetterFilter filter, CancellationToken stop)
    {
        var letters = await queue.SelectAsync(filter.Matches, filter.Limit, l => (l.Key, l.Origin), stop);
        if (filter.Ids.Count == 0)
        {
            return new DeadLetterSelection(letters);
        }

        var ids = letters.Select(l => l.Key.Id).ToHashSet();
        var named = filter.Ids.Select(prefix => Resolve(prefix, ids)).ToHashSet();
        return new DeadLetterSelection([.. letters.Where(l => named.Contains(l.Key.Id))]);
    }

    public bool Contains(DeadLetter letter) => _keys.Contains(letter.Key);

    /// <summary>The oldest of them: the queue may hold the same message twice.</summary>
    public DeadLetterSelection First() => new([_letters[0]]);

    /// <summary>The bodies and properties of those that are still in the queue.</summary>
    public Task<IReadOnlyList<DeadLetter>> LoadAsync(DeadLetterQueue queue, CancellationToken stop) =>
        queue.SelectAsync(Contains, Count, letter => letter, stop);

    /// <summary>The destinations of a replay, with the number of dead letters for each.</summary>
    /// <param name="to">One destination for all; <see langword="null"/>: the origin of each.</param>
    /// <exception cref="ProgramException">The origin of one is unknown.</exception>
    public IReadOnlyDictionary<Destination, int> Destinations(Destination? to)
    {
        var withoutOrigin = to is null ? _letters.Where(l => l.Origin is null).ToList() : [];
        return withoutOrigin is [var first, ..]
            ? throw new ProgramException(
                $"{withoutOrigin.Count} of {Count} dead letters do not say where they came from, for example {first.Key.Id}. " +
                "Nothing was sent. Name a queue for them with --to QUEUE.")
            : _letters.GroupBy(l => to ?? l.Origin!).ToDictionary(g => g.Key, g => g.Count());
    }

    private static string Resolve(string prefix, HashSet<string> ids)
    {
        if (ids.Contains(prefix))
        {
            return prefix;
        }

        var candidates = ids.Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw new ProgramException($"No dead letter's id begins with '{prefix}'. The command list shows them."),
            var count => throw new ProgramException(
                $"'{prefix}' is the beginning of {count} ids: {string.Join(", ", candidates.Take(MaxCandidates))}" +
                $"{(count > MaxCandidates ? ", …" : "")}. Write more of the id."),
        };
    }
}
