using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>Alerts when an item has more than <paramref name="limit"/> bids within a minute, by the bids' own time.</summary>
/// <param name="limit">The allowed number of bids a minute.</param>
internal sealed class BidRateRule(int limit) : IBidRule
{
    private readonly LruCache<RateWindow> _items = new(10_000, _ => new RateWindow(limit));

    public AlertKind Kind => AlertKind.BidRate;

    public decimal? Evaluate(Bid bid, RollingWindow<Bid> window) =>
        _items[AuctionTopology.NameOf(bid.Item)].Add(bid.Timestamp) ? limit : null;
}
