using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>One thing about a bid that calls for an alert. Depends on the bids it was shown, and on nothing else. Not thread-safe.</summary>
internal interface IBidRule
{
    /// <summary>The kind of its alerts.</summary>
    AlertKind Kind { get; }

    /// <summary>Looks at a bid; called once for each, in their order.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="window">Its item's window, with the bid as its latest.</param>
    /// <returns>The figure of the alert (see <see cref="AlertKind"/>), or <see langword="null"/> where the bid calls for none.</returns>
    decimal? Judge(Bid bid, RollingWindow<Bid> window);
}
