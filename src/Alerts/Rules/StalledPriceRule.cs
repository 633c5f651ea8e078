using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// A full window, of two bids or more, whose highest and lowest differ by less than an amount: said once, until they differ by as much
/// again.
/// </summary>
/// <param name="movement">The amount; a window that moves by exactly as much has not stalled.</param>
internal sealed class StalledPriceRule(decimal movement) : IBidRule
{
    private readonly LruCache<Item> _items = new(10_000, _ => new Item());

    /// <inheritdoc/>
    public AlertKind Kind => AlertKind.StalledPrice;

    /// <inheritdoc/>
    public decimal? Judge(Bid bid, RollingWindow<Bid> window)
    {
        var all = window.Summary;
        var item = _items[AuctionTopology.NameOf(bid.Item)];
        var before = item.IsStalled;
        item.IsStalled = all.Count > 1 && all.Count == window.Capacity && all.High - all.Low < movement;
        return item.IsStalled && !before ? movement : null;
    }

    private sealed class Item
    {
        public bool IsStalled { get; set; }
    }
}
