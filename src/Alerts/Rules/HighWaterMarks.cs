using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// The highest amounts so far, by name, of the 100,000 names or more that were asked for last; one that was forgotten begins anew.
/// Not thread-safe.
/// </summary>
public sealed class HighWaterMarks
{
    /// <summary>How many names are remembered at least.</summary>
    public const int Names = 100_000;

    private readonly LruCache<Mark> _marks = new(Names, _ => new Mark());
    private readonly Dictionary<string, decimal> _changed = [];

    /// <summary>The marks that were set or raised since <see cref="Keep"/>.</summary>
    public IReadOnlyDictionary<string, decimal> Changed => _changed;

    /// <summary>Holds an amount against the mark of a name, and makes it the mark where it is higher, or the first.</summary>
    /// <param name="name">The name.</param>
    /// <param name="amount">The amount.</param>
    /// <returns>The mark it was above, or <see langword="null"/> where it was not, or there was none.</returns>
    public decimal? Raise(string name, decimal amount)
    {
        var mark = _marks[name];
        var before = mark.Amount;
        if (amount <= before)
        {
            return null;
        }

        mark.Amount = _changed[name] = amount;
        return before;
    }

    /// <summary>Sets a mark that was kept.</summary>
    /// <param name="name">The name.</param>
    /// <param name="amount">The amount.</param>
    public void Restore(string name, decimal amount) => _marks[name].Amount = amount;

    /// <summary>What has changed so far is kept.</summary>
    public void Keep() => _changed.Clear();

    private sealed class Mark
    {
        public decimal? Amount { get; set; }
    }
}
