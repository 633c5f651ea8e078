using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>Alerts when a bid is far above the mean of the other bids in its window. The window must be full.</summary>
/// <param name="percent">The allowed distance from the mean in percent, inclusive.</param>
internal sealed class PriceJumpRule(decimal percent) : IBidRule
{
    public AlertKind Kind => AlertKind.PriceJump;

    public decimal? Evaluate(Bid bid, RollingWindow<Bid> window)
    {
        if (window.Count < window.Capacity || window.Count < 2)
        {
            return null;
        }

        var summary = window.Summary;
        var mean = (summary.Sum - bid.Amount) / (summary.Count - 1);
        return bid.Amount > mean * (1 + (percent / 100)) ? mean : null;
    }
}
