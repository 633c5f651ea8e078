using Bogus;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// Random auctions, a fixed number of them open at a time. Nine bids of ten raise the price by 1 to 5 percent; the others lie at or below
/// it, as where somebody had bid more in advance. When a bid would pass what the item is worth, the auction is over and another one opens.
/// Not thread-safe.
/// </summary>
/// <param name="count">The number of open auctions, at least one.</param>
/// <param name="items">The items that are auctioned; at least one.</param>
/// <param name="random">The source of randomness.</param>
internal sealed class OpenAuctions(int count, IReadOnlyList<string> items, Randomizer random)
{
    // The range of amounts that the generator promises, in cents.
    private const int Lowest = 1_000;
    private const int HighestOpening = 30_000;
    private const int Highest = 100_000;

    private const int LeastRise = 50;

    private readonly Auction?[] _open = new Auction?[count];

    /// <summary>The next bid: its item, its auction, and its amount in cents.</summary>
    public (string Item, string? Auction, int? Cents) NextBid()
    {
        ref var auction = ref _open[random.Number(_open.Length - 1)];
        if (auction is null)
        {
            auction = Open();
        }
        else if (random.Number(9) == 0)
        {
            return (auction.Item, auction.Id, random.Number(auction.Opening, auction.Price));
        }
        else
        {
            var price = auction.Price + Math.Max(LeastRise, auction.Price * random.Number(1, 5) / 100);
            auction = price <= auction.Worth ? auction with { Price = price } : Open();
        }

        return (auction.Item, auction.Id, auction.Price);
    }

    private Auction Open()
    {
        var opening = random.Number(Lowest, HighestOpening);
        return new Auction(
            $"auction-{random.Hexadecimal(12, prefix: "")}", items[random.Number(items.Count - 1)], opening, random.Number(opening, Highest), opening);
    }

    private sealed record Auction(string Id, string Item, int Opening, int Worth, int Price);
}
