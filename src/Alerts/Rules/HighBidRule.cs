using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>Alerts when a bid is strictly above the threshold of its item.</summary>
/// <param name="threshold">The threshold of items without their own; <see langword="null"/> for none.</param>
/// <param name="itemThresholds">The thresholds of single items, by the item's name in <see cref="AuctionTopology"/>.</param>
internal sealed class HighBidRule(decimal? threshold, IReadOnlyDictionary<string, decimal> itemThresholds) : IBidRule
{
    public AlertKind Kind => AlertKind.HighBid;

    public decimal? Evaluate(Bid bid, RollingWindow<Bid> window)
    {
        var limit = itemThresholds.Count > 0 && itemThresholds.TryGetValue(AuctionTopology.NameOf(bid.Item), out var own) ? own : threshold;
        return bid.Amount > limit ? limit : null;
    }
}
