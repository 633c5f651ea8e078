using Bogus;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// Random auctions, a fixed number of them open at a time. Nine bids of ten raise the price by 1 to 5 percent; the others lie at or below
/// it, as where somebody had bid more in advance. Without a duration, an auction is over when a bid would pass what the item is worth. With
/// one, it is over when its time is, no bid passes the worth, and one auction of ten has an opening amount that no bid reaches. Then another
/// one opens. Not thread-safe.
/// </summary>
/// <param name="count">The number of open auctions, at least one.</param>
/// <param name="items">The items that are auctioned; at least one.</param>
/// <param name="random">The source of randomness.</param>
/// <param name="duration">How long an auction is open; the first ones end earlier, each at a time of its own. <see langword="null"/>: auctions have no closing time.</param>
internal sealed class OpenAuctions(int count, IReadOnlyList<string> items, Randomizer random, TimeSpan? duration)
{
    // The range of amounts that the generator promises, in cents.
    private const int Lowest = 1_000;
    private const int HighestOpening = 30_000;
    private const int Highest = 100_000;

    private const int LeastRise = 50;
    private const double ShortestFirst = 0.1;

    private readonly Auction?[] _open = new Auction?[count];

    /// <summary>The next bid.</summary>
    /// <param name="now">The time of the bid.</param>
    public (Auction Auction, int Cents) NextBid(DateTimeOffset now)
    {
        ref var auction = ref _open[random.Number(_open.Length - 1)];
        if (auction is null || auction.Closes <= now)
        {
            auction = Open(now, isFirst: auction is null);
            return (auction, auction.Price);
        }

        if (random.Number(9) > 0)
        {
            var price = auction.Price + Math.Max(LeastRise, auction.Price * random.Number(1, 5) / 100);
            if (price <= auction.Worth || duration is null)
            {
                auction = price <= auction.Worth ? auction with { Price = price } : Open(now, isFirst: false);
                return (auction, auction.Price);
            }
        }

        return (auction, random.Number(auction.First, auction.Price));
    }

    private Auction Open(DateTimeOffset now, bool isFirst)
    {
        var first = random.Number(Lowest, HighestOpening);
        var (id, item, worth) = ($"auction-{random.Hexadecimal(12, prefix: "")}", items[random.Number(items.Count - 1)], random.Number(first, Highest));
        return duration is not { } time ? new Auction(id, item, first, worth, first) : new Auction(id, item, first, worth, first)
        {
            Closes = now + (isFirst ? time * random.Double(ShortestFirst) : time),
            Opening = random.Number(9) == 0 ? worth + LeastRise : first,
        };
    }

    /// <summary>An auction; amounts are in cents.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Item">The item.</param>
    /// <param name="First">The first bid.</param>
    /// <param name="Worth">No bid is higher.</param>
    /// <param name="Price">The highest bid so far.</param>
    public sealed record Auction(string Id, string Item, int First, int Worth, int Price)
    {
        /// <summary>When it closes.</summary>
        public DateTimeOffset? Closes { get; init; }

        /// <summary>The least amount at which it sells.</summary>
        public int? Opening { get; init; }
    }
}
