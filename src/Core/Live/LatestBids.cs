namespace AuctionTracker.Core.Live;

/// <summary>
/// The mean of an item's latest bids, by their own time and then by id, in whatever order they arrive. Not thread-safe.
/// </summary>
/// <param name="size">The number of bids; at least 1.</param>
internal sealed class LatestBids(int size)
{
    private readonly SortedSet<(DateTimeOffset Time, string Id, decimal Amount)> _bids = new(Comparer<(DateTimeOffset Time, string Id, decimal Amount)>.Create(
        static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : string.CompareOrdinal(a.Id, b.Id)));

    private decimal _total;

    /// <summary>The mean, rounded to cents; 0 without bids.</summary>
    public decimal Mean => AmountFigures.Mean(_total, _bids.Count);

    /// <summary>Adds a bid; removes the earliest of too many.</summary>
    public void Add(DateTimeOffset time, string id, decimal amount)
    {
        if (!_bids.Add((time, id, amount)))
        {
            return;
        }

        _total += amount;
        if (_bids.Count > size)
        {
            _total -= _bids.Min.Amount;
            _bids.Remove(_bids.Min);
        }
    }
}
