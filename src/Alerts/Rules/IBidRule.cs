using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Windows;

namespace AuctionTracker.Alerts.Rules;

/// <summary>One reason to alert about a bid. Its result depends only on the bids it has evaluated. Not thread-safe.</summary>
internal interface IBidRule
{
    AlertKind Kind { get; }

    /// <summary>Evaluates a bid. The caller passes each bid once, in order.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="window">The window of the bid's item; the bid is its latest entry.</param>
    /// <returns>The alert's baseline (see <see cref="AlertKind"/>), or <see langword="null"/> for no alert.</returns>
    decimal? Evaluate(Bid bid, RollingWindow<Bid> window);
}
