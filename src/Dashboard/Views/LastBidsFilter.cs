using System.Globalization;
using AuctionTracker.Core.Live;
using Microsoft.AspNetCore.Http.Extensions;

namespace AuctionTracker.Dashboard.Views;

/// <summary>Which bids are listed. It is kept in the page's address. Immutable.</summary>
/// <param name="Item">The item; "" for all.</param>
/// <param name="Bidder">A part of the bidder's id or name; "" for all.</param>
/// <param name="Auction">The auction; "" for all.</param>
/// <param name="Least">The least amount; 0 for all.</param>
public sealed record LastBidsFilter(string Item, string Bidder, string Auction, decimal Least)
{
    public static LastBidsFilter Parse(IQueryCollection query) => Parse(query["item"], query["bidder"], query["auction"], query["least"]);

    /// <summary>Reads the texts of an address. A least amount that is not a number counts as 0.</summary>
    public static LastBidsFilter Parse(string? item, string? bidder, string? auction, string? least) => new(
        item ?? "", bidder?.Trim() ?? "", auction?.Trim() ?? "",
        decimal.TryParse(least, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) && amount > 0 ? amount : 0);

    public bool IsEmpty => this == new LastBidsFilter("", "", "", 0);

    /// <summary>The bids that match, the newest first.</summary>
    public IEnumerable<SeenBid> Of(IReadOnlyList<SeenBid> bids) => bids.Reverse().Where(seen =>
        (Item.Length == 0 || seen.Bid.Item == Item) &&
        (Auction.Length == 0 || seen.Bid.AuctionId == Auction) &&
        (Bidder.Length == 0 || seen.Bid.BidderId.Contains(Bidder, StringComparison.OrdinalIgnoreCase) ||
            seen.Bid.BidderName.Contains(Bidder, StringComparison.OrdinalIgnoreCase)) &&
        seen.Bid.Amount >= Least);

    /// <summary>The query of the page's address, with its question mark; "" for no filter.</summary>
    public string Query
    {
        get
        {
            var query = new QueryBuilder();
            foreach (var (name, value) in new[] { ("item", Item), ("bidder", Bidder), ("auction", Auction), ("least", Least > 0 ? Least.ToString(CultureInfo.InvariantCulture) : "") })
            {
                if (value.Length > 0)
                {
                    query.Add(name, value);
                }
            }

            return query.ToString();
        }
    }
}
