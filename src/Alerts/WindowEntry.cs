using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Alerts;

/// <summary>The part of a bid that an alert stores with its window.</summary>
/// <param name="Time">The time of the bid, UTC.</param>
/// <param name="Amount">The amount of the bid.</param>
/// <param name="Bidder">The bidder's name, safe to show, at most 60 characters; "" if it is not known.</param>
public sealed record WindowEntry(DateTimeOffset Time, decimal Amount, string Bidder)
{
    /// <summary>Creates an entry from a bid; cleans and shortens the bidder's name.</summary>
    /// <param name="bid">The bid.</param>
    public static WindowEntry From(Bid bid) => new(bid.Timestamp, bid.Amount, UntrustedText.Cut(bid.BidderName, 60));
}
