using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>
/// A bid strictly above all before it in its auction, or on its item. The first of an auction or item is above nothing, and calls
/// for no alert.
/// </summary>
/// <param name="byAuction">Whether each auction counts by itself; bids that name none count by their item even so.</param>
/// <param name="highs">The highest amounts so far.</param>
internal sealed class NewHighRule(bool byAuction, HighWaterMarks highs) : IBidRule
{
    /// <inheritdoc/>
    public AlertKind Kind => AlertKind.NewHigh;

    /// <inheritdoc/>
    public decimal? Judge(Bid bid, RollingWindow<Bid> window) => highs.Raise(
        byAuction && bid.AuctionId is { } auction ? $"auction {auction}" : $"item {AuctionTopology.NameOf(bid.Item)}", bid.Amount);
}
