using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>A bid strictly above the threshold of its item, or, where the item has none, above the one for all.</summary>
/// <param name="threshold">The amount for all items; <see langword="null"/>: only items with a threshold of their own are watched.</param>
/// <param name="ofItems">The amounts of single items, by the item's name as in its queue.</param>
internal sealed class HighBidRule(decimal? threshold, IReadOnlyDictionary<string, decimal> ofItems) : IBidRule
{
    /// <inheritdoc/>
    public AlertKind Kind => AlertKind.HighBid;

    /// <inheritdoc/>
    public decimal? Judge(Bid bid, RollingWindow<Bid> window)
    {
        var limit = ofItems.Count > 0 && ofItems.TryGetValue(AuctionTopology.NameOf(bid.Item), out var own) ? own : threshold;
        return bid.Amount > limit ? limit : null;
    }
}
