using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// More bids on an item within a minute, by the bids' own time, than a limit: said once, until a minute went by without that.
/// </summary>
/// <param name="limit">How many are not yet too many.</param>
internal sealed class BidRateRule(int limit) : IBidRule
{
    private readonly LruCache<RateWindow> _items = new(10_000, _ => new RateWindow(limit));

    /// <inheritdoc/>
    public AlertKind Kind => AlertKind.BidRate;

    /// <inheritdoc/>
    public decimal? Judge(Bid bid, RollingWindow<Bid> window) =>
        _items[AuctionTopology.NameOf(bid.Item)].Begins(bid.Timestamp) ? limit : null;
}
