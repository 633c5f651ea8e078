using System.Globalization;
using System.Text.Json.Nodes;
using Bogus;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// Generates random bids: names, addresses and ids from Bogus, amounts from 10.00 to 1000.00 (inclusive) with two decimals, one of the
/// given items, and the clock's time; with auctions also an auction, in which amounts mostly rise. Two generators with the same seed, items,
/// bad rate, auctions and clock generate the same bids (message ids differ). Not thread-safe.
/// </summary>
public sealed class BidGenerator
{
    private const int BidderCount = 250;

    private readonly IReadOnlyList<string> _items;
    private readonly double _badRate;
    private readonly TimeProvider _time;
    private readonly Randomizer _random;
    private readonly (string Id, string Name, string Email)[] _bidders;
    private readonly OpenAuctions? _auctions;

    /// <summary>Creates a generator with 250 bidders.</summary>
    /// <param name="items">The items to bid on; at least one.</param>
    /// <param name="seed">The seed, or <see langword="null"/> for other bids in each run.</param>
    /// <param name="badRate">The share of messages that are invalid on purpose, from 0 (none) to 1 (all).</param>
    /// <param name="time">The clock that gives each bid its time.</param>
    /// <param name="auctions">The number of auctions that are open at a time; 0 (the default): bids belong to no auction.</param>
    /// <param name="auctionTime">How long an auction is open; its bids then say when it closes, and its opening amount. <see langword="null"/>
    /// (the default): an auction ends when nobody bids more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="items"/> is empty.</exception>
    public BidGenerator(
        IReadOnlyList<string> items, int? seed, double badRate, TimeProvider time, int auctions = 0, TimeSpan? auctionTime = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count);
        _items = items;
        _badRate = badRate;
        _time = time;
        _random = seed is { } value ? new Randomizer(value) : new Randomizer();

        // In a real auction the same people bid again and again.
        var faker = new Faker("en") { Random = _random };
        _bidders = new (string, string, string)[BidderCount];
        for (var i = 0; i < BidderCount; i++)
        {
            var (first, last) = (faker.Name.FirstName(), faker.Name.LastName());
            _bidders[i] = (_random.Guid().ToString(), $"{first} {last}", faker.Internet.ExampleEmail(first, last));
        }

        _auctions = auctions > 0 ? new OpenAuctions(auctions, items, _random, auctionTime) : null;
    }

    /// <summary>The next message: a bid or, at the bad rate, a message that a consumer must dead-letter.</summary>
    public BidMessage Next()
    {
        var now = _time.GetUtcNow();
        var (auction, cents) = _auctions?.NextBid(now) ?? default;
        var item = auction?.Item ?? _items[_random.Number(_items.Count - 1)];
        var (id, name, email) = _bidders[_random.Number(BidderCount - 1)];
        var bid = new Bid(id, (auction is null ? _random.Number(1_000, 100_000) : cents) / 100m, now, item, name, email, auction?.Id)
        {
            AuctionCloses = auction?.Closes,
            AuctionOpening = auction?.Opening / 100m,
        };
        return _random.Double() < _badRate ? BidMessage.Bad(item, InvalidBody(bid), now) : BidMessage.Of(bid, now);
    }

    private byte[] InvalidBody(Bid bid)
    {
        var body = BidJson.Write(bid);
        return _random.Number(7) switch
        {
            0 => body[..(body.Length / 2)],
            1 => "[\"not\", \"an\", \"object\"]"u8.ToArray(),
            2 => With(body, "bid_amount", null),
            3 => With(body, "bid_amount", JsonValue.Create(bid.Amount.ToString(CultureInfo.InvariantCulture))),
            4 => With(body, "bid_amount", JsonValue.Create(-bid.Amount)),
            5 => With(body, "timestamp", JsonValue.Create("yesterday")),
            6 => With(body, "bidder_name", JsonValue.Create(new string('x', BidJson.MaxTextLength + 1))),
            _ => [0xFF, 0xFE, .. body],
        };
    }

    private static byte[] With(byte[] body, string field, JsonNode? value)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        json.Remove(field);
        if (value is not null)
        {
            json[field] = value;
        }

        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
