using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// The highest amount of each auction or item, as high-water marks by name. A cache: at least the 100,000 names used last have a mark.
/// Tracks its changes for the outbox. Not thread-safe.
/// </summary>
public sealed class HighWaterMarks
{
    internal const int Capacity = 100_000;

    private readonly LruCache<Mark> _marks = new(Capacity, _ => new Mark());
    private readonly Dictionary<string, decimal> _changes = [];

    /// <summary>The marks set or raised since the last <see cref="AcceptChanges"/>.</summary>
    internal IReadOnlyDictionary<string, decimal> Changes => _changes;

    /// <summary>Raises the mark of a name to an amount. Does nothing if the amount is not above the mark.</summary>
    /// <returns>The mark before it was raised; <see langword="null"/> if it was not raised or did not exist.</returns>
    internal decimal? Raise(string name, decimal amount)
    {
        var mark = _marks[name];
        var before = mark.Amount;
        if (amount <= before)
        {
            return null;
        }

        mark.Amount = _changes[name] = amount;
        return before;
    }

    /// <summary>Sets a mark as read from the outbox, without tracking it as a change.</summary>
    internal void Restore(string name, decimal amount) => _marks[name].Amount = amount;

    /// <summary>Clears <see cref="Changes"/> after they are stored.</summary>
    internal void AcceptChanges() => _changes.Clear();

    private sealed class Mark
    {
        public decimal? Amount { get; set; }
    }
}
