using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>A bid more than so many percent above the mean of the other bids in its window, once the window is full.</summary>
/// <param name="percent">How many percent; a bid of exactly so many more calls for no alert.</param>
internal sealed class PriceJumpRule(decimal percent) : IBidRule
{
    /// <inheritdoc/>
    public AlertKind Kind => AlertKind.PriceJump;

    /// <inheritdoc/>
    public decimal? Judge(Bid bid, RollingWindow<Bid> window)
    {
        if (window.Count < window.Capacity || window.Count < 2)
        {
            return null;
        }

        var all = window.Summary;
        var mean = (all.Sum - bid.Amount) / (all.Count - 1);
        return bid.Amount > mean * (1 + (percent / 100)) ? mean : null;
    }
}
