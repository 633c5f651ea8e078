using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// Alerts when a bid is strictly above all earlier bids in its auction or on its item. The first bid raises no alert.
/// </summary>
/// <param name="byAuction"><see langword="true"/> to compare within an auction; a bid without an auction is compared within its item.</param>
/// <param name="highWaterMarks">The highest amounts so far.</param>
internal sealed class NewHighRule(bool byAuction, HighWaterMarks highWaterMarks) : IBidRule
{
    public AlertKind Kind => AlertKind.NewHigh;

    public decimal? Evaluate(Bid bid, RollingWindow<Bid> window) => highWaterMarks.Raise(
        byAuction && bid.AuctionId is { } auction ? $"auction {auction}" : $"item {AuctionTopology.NameOf(bid.Item)}", bid.Amount);
}
