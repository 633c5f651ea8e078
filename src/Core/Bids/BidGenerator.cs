using System.Globalization;
using System.Text.Json.Nodes;
using Bogus;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// Makes bids up: names, addresses and ids from Bogus, amounts from 10.00 to 1000.00 with two decimals (inclusive), the item
/// drawn from those given, the time from the clock. Two generators with the same seed, items, share of bad messages and
/// clock make the same bids. Not thread-safe.
/// </summary>
public sealed class BidGenerator
{
    private const int BidderCount = 250;

    private readonly IReadOnlyList<string> _items;
    private readonly double _badRate;
    private readonly TimeProvider _time;
    private readonly Randomizer _random;
    private readonly (string Id, string Name, string Email)[] _bidders;

    /// <summary>Makes a generator.</summary>
    /// <param name="items">The items that are bid on; at least one.</param>
    /// <param name="seed">The seed, or <see langword="null"/> for bids that differ from run to run.</param>
    /// <param name="badRate">The share of messages that are bad on purpose, from 0 (none, the default) to 1 (all).</param>
    /// <param name="time">The clock the bids' times come from.</param>
    public BidGenerator(IReadOnlyList<string> items, int? seed, double badRate, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count);
        _items = items;
        _badRate = badRate;
        _time = time;
        _random = seed is { } value ? new Randomizer(value) : new Randomizer();

        // An auction has regulars: the same people bid again and again.
        var faker = new Faker("en") { Random = _random };
        _bidders = new (string, string, string)[BidderCount];
        for (var i = 0; i < BidderCount; i++)
        {
            var (first, last) = (faker.Name.FirstName(), faker.Name.LastName());
            _bidders[i] = (_random.Guid().ToString(), $"{first} {last}", faker.Internet.ExampleEmail(first, last));
        }
    }

    /// <summary>The next message: a bid, or at the given rate something a consumer must refuse.</summary>
    public BidMessage Next()
    {
        var now = _time.GetUtcNow();
        var item = _items[_random.Number(_items.Count - 1)];
        var (id, name, email) = _bidders[_random.Number(BidderCount - 1)];
        var bid = new Bid(id, _random.Number(1_000, 100_000) / 100m, now, item, name, email);
        return _random.Double() < _badRate ? BidMessage.Bad(item, Spoil(bid), now) : BidMessage.Of(bid, now);
    }

    private byte[] Spoil(Bid bid)
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
