using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// Alerts when the highest and the lowest bid in a full window of two bids or more differ by less than <paramref name="movement"/>.
/// Alerts once, and again only after they have differed by at least as much.
/// </summary>
/// <param name="movement">The smallest difference of a price that moves, inclusive.</param>
internal sealed class StalledPriceRule(decimal movement) : IBidRule
{
    private readonly LruCache<Item> _items = new(10_000, _ => new Item());

    public AlertKind Kind => AlertKind.StalledPrice;

    public decimal? Evaluate(Bid bid, RollingWindow<Bid> window)
    {
        var summary = window.Summary;
        var item = _items[AuctionTopology.NameOf(bid.Item)];
        var wasStalled = item.IsStalled;
        item.IsStalled = summary.Count > 1 && summary.Count == window.Capacity && summary.High - summary.Low < movement;
        return item.IsStalled && !wasStalled ? movement : null;
    }

    private sealed class Item
    {
        public bool IsStalled { get; set; }
    }
}
