using AuctionTracker.Core.Bids;

namespace AuctionTracker.Sales.Auctions;

/// <summary>The bids of an auction that is not closed. It takes about 100 bytes a bid. Not thread-safe.</summary>
/// <param name="id">Its id.</param>
/// <param name="item">The item.</param>
/// <param name="closes">When it closes.</param>
internal sealed class OpenAuction(string id, string item, DateTimeOffset closes)
{
    private const int MaxSteps = 200;

    private readonly HashSet<ulong> _ids = [];
    private readonly HashSet<ulong> _bidders = [];
    private readonly List<PriceStep> _amounts = [];
    private decimal? _opening;
    private Bid? _highest;
    private string _highestId = "";

    public string Id => id;

    public DateTimeOffset Closes => closes;

    public int Bids => _amounts.Count;

    /// <summary>Adds a bid that was made before the closing time.</summary>
    /// <param name="messageId">The id of its message.</param>
    /// <param name="hash">The hash of that id.</param>
    /// <param name="bidder">The hash of the bidder's id.</param>
    /// <param name="bid">The bid.</param>
    /// <returns>Whether its id is new.</returns>
    public bool Add(string messageId, ulong hash, ulong bidder, Bid bid)
    {
        if (!_ids.Add(hash))
        {
            return false;
        }

        _bidders.Add(bidder);
        _amounts.Add(new PriceStep(bid.Timestamp, bid.Amount));
        _opening ??= bid.AuctionOpening;
        if (_highest is null || IsHigher(messageId, bid))
        {
            (_highest, _highestId) = (bid, messageId);
        }

        return true;
    }

    public ClosedAuction Close(DateTimeOffset now) => new(id, item, closes, now, _opening, _highest!, Bids, _bidders.Count, Prices());

    /// <summary>Of equal amounts the earlier bid is the higher one; of equal times too, the one with the lower id.</summary>
    private bool IsHigher(string messageId, Bid bid) =>
        bid.Amount != _highest!.Amount ? bid.Amount > _highest.Amount
        : bid.Timestamp != _highest.Timestamp ? bid.Timestamp < _highest.Timestamp
        : string.CompareOrdinal(messageId, _highestId) < 0;

    private List<PriceStep> Prices()
    {
        var steps = new List<PriceStep>();
        foreach (var step in _amounts.OrderBy(step => step.Time))
        {
            if (steps.Count == 0 || step.Amount > steps[^1].Amount)
            {
                steps.Add(step);
            }
        }

        // Steps at even distances, the first and the last among them.
        return steps.Count <= MaxSteps ? steps : [.. Enumerable.Range(0, MaxSteps).Select(i => steps[(int)((long)i * (steps.Count - 1) / (MaxSteps - 1))])];
    }
}
