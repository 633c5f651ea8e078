using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Alerts;

/// <summary>What an alert keeps of a bid in the window. Immutable.</summary>
/// <param name="Time">When the bid was made, in UTC.</param>
/// <param name="Amount">The price offered.</param>
/// <param name="Bidder">The bidder's name, safe to show, and cut at 60 characters.</param>
public sealed record WindowEntry(DateTimeOffset Time, decimal Amount, string Bidder)
{
    /// <summary>Takes what is kept from a bid.</summary>
    /// <param name="bid">The bid.</param>
    public static WindowEntry Of(Bid bid) => new(bid.Timestamp, bid.Amount, UntrustedText.Cut(bid.BidderName, 60));
}
