using AuctionTracker.Core.Bids;
using AuctionTracker.Sales.Messages;

namespace AuctionTracker.Sales.Auctions;

/// <summary>An auction that is over. Immutable.</summary>
/// <param name="AuctionId">Its id.</param>
/// <param name="Item">The item, as its first bid says.</param>
/// <param name="Closes">When it was to close.</param>
/// <param name="Closed">When it was closed.</param>
/// <param name="Opening">The least amount at which it sells, or <see langword="null"/> if no bid said one.</param>
/// <param name="Highest">The highest bid; of equal ones the earliest.</param>
/// <param name="Bids">The number of bids.</param>
/// <param name="Bidders">The number of different bidders.</param>
/// <param name="Prices">How the price rose, by the bids' times: at most 200 steps, with the first and the last.</param>
public sealed record ClosedAuction(
    string AuctionId, string Item, DateTimeOffset Closes, DateTimeOffset Closed, decimal? Opening, Bid Highest, int Bids, int Bidders,
    IReadOnlyList<PriceStep> Prices)
{
    /// <summary>Whether the highest bid reaches the opening amount.</summary>
    public bool IsSold => Opening is null || Highest.Amount >= Opening;

    /// <summary>The id of the message that announces it. It is derived from the auction's id.</summary>
    public string MessageId => SaleJson.IdOf(IsSold ? "sold" : "unsold", AuctionId);
}

/// <summary>A bid that raised the price.</summary>
/// <param name="Time">When it was made.</param>
/// <param name="Amount">The new price.</param>
public readonly record struct PriceStep(DateTimeOffset Time, decimal Amount);
