namespace AuctionTracker.Core.Live;

/// <summary>The lists over all auctions, made in one pass. Not thread-safe.</summary>
/// <param name="now">The time.</param>
/// <param name="lastMade">The latest time of any bid.</param>
/// <param name="window">The time after its last bid in which an auction that is not over counts as open.</param>
internal sealed class AuctionRankings(DateTimeOffset now, DateTimeOffset? lastMade, TimeSpan window)
{
    private static readonly HotWindow[] Windows = Enum.GetValues<HotWindow>();

    private readonly TopList<(AuctionFigures Auction, int Bids)>[] _hot = [.. Windows.Select(_ => new TopList<(AuctionFigures Auction, int Bids)>(
        Rankings.HotAuctions, static (a, b) => a.Bids != b.Bids ? a.Bids.CompareTo(b.Bids) : string.CompareOrdinal(b.Auction.Id, a.Auction.Id)))];

    private readonly int[] _slices = [.. Windows.Select(w => AuctionFigures.SliceOf(now, w))];

    /// <summary>The number of open auctions.</summary>
    public int Open { get; private set; }

    /// <summary>The busiest auctions of each window.</summary>
    public IReadOnlyDictionary<HotWindow, IReadOnlyList<HotAuction>> TakeHot() => Windows.Index().ToDictionary(
        w => w.Item, w => (IReadOnlyList<HotAuction>)[.. _hot[w.Index].Take().Select(hot => new HotAuction(hot.Auction.ToRow(), hot.Bids))]);

    public void Add(AuctionFigures auction)
    {
        Open += now - auction.LastArrival <= window && !auction.IsOver(now, lastMade) ? 1 : 0;
        for (var i = 0; i < _hot.Length; i++)
        {
            if (auction.RecentBids(Windows[i], _slices[i]) is var bids and > 0)
            {
                _hot[i].Offer((auction, bids));
            }
        }
    }
}
