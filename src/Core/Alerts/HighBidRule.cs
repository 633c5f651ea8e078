using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Alerts;

/// <summary>Tells which bids are high. Immutable and thread-safe.</summary>
/// <param name="Threshold">The amount; a bid of exactly this much is not high.</param>
public sealed record HighBidRule(decimal Threshold)
{
    /// <summary>Whether a bid is strictly above the threshold.</summary>
    /// <param name="bid">The bid.</param>
    public bool IsHigh(Bid bid) => bid.Amount > Threshold;
}
