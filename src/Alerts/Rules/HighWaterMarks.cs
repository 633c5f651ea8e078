using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// The highest amount of each auction or item, as high-water marks by name. A cache: at least the 100,000 names used last have a mark.
/// Tracks its changes for the outbox. Not thread-safe, but changes may be taken and put back while marks are raised.
/// </summary>
public sealed class HighWaterMarks
{
    internal const int Capacity = 100_000;

    private readonly LruCache<Mark> _marks = new(Capacity, _ => new Mark());
    private readonly Lock _lock = new();
    private Dictionary<string, decimal> _changes = [];

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

        mark.Amount = amount;
        lock (_lock)
        {
            _changes[name] = amount;
        }

        return before;
    }

    /// <summary>Sets a mark as read from the outbox, without tracking it as a change.</summary>
    internal void Restore(string name, decimal amount) => _marks[name].Amount = amount;

    /// <summary>The marks raised since the last call.</summary>
    internal IReadOnlyDictionary<string, decimal> TakeChanges()
    {
        lock (_lock)
        {
            var changes = _changes;
            _changes = []; // the one that is returned is read on another thread, while marks are raised
            return changes;
        }
    }

    /// <summary>Returns changes that were taken and could not be stored. A mark that was raised meanwhile keeps its later amount.</summary>
    internal void PutBack(IReadOnlyDictionary<string, decimal> changes)
    {
        lock (_lock)
        {
            foreach (var (name, amount) in changes)
            {
                _changes.TryAdd(name, amount);
            }
        }
    }

    private sealed class Mark
    {
        public decimal? Amount { get; set; }
    }
}
