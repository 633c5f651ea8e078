using System.Globalization;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Bench.Live;

/// <summary>Bids of 1,000,000 bidders in 100,000 auctions on 10 items; the busy ones more often, as in real auctions.</summary>
internal sealed class ManyBids
{
    public const int Bidders = 1_000_000;
    public const int Auctions = 100_000;

    private readonly Random _random = new(1);
    private long _number;

    public (Bid Bid, string MessageId) Next(DateTimeOffset now)
    {
        var (bidder, auction) = (Skewed(Bidders), Skewed(Auctions));
        return (
            new Bid(
                Id("bidder", bidder), _random.Next(1_000, 100_000) / 100m, now, Id("item", auction % 10), "Ada Byron", "ada@example.com", Id("auction", auction)),
            new Guid((int)(_number >> 32), (short)(_number >> 16), (short)_number++, 1, 2, 3, 4, 5, 6, 7, 8).ToString());
    }

    /// <summary>Every tenth bid is of any id, so that all come; the others prefer low numbers.</summary>
    private int Skewed(int count) => _random.Next(10) == 0 ? _random.Next(count) : (int)(count * Math.Pow(_random.NextDouble(), 3));

    private static string Id(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:D7}");
}
