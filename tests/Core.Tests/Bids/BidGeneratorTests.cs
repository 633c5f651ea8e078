using AuctionTracker.Core.Bids;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuctionTracker.Core.Tests.Bids;

public sealed class BidGeneratorTests
{
    private static readonly string[] Items = ["electronics", "furniture", "art"];

    [Fact]
    public void The_same_seed_generates_the_same_messages_including_bad_ones()
    {
        var messages = Messages(1_000, seed: 7, badRate: 0.5);

        Assert.Equal(messages.Select(m => m.Json), Messages(1_000, seed: 7, badRate: 0.5).Select(m => m.Json));
        Assert.Contains(messages, m => m.Bid is null);
        Assert.Contains(messages, m => m.Bid is not null);
    }

    [Fact]
    public void Another_seed_generates_other_bids() =>
        Assert.NotEqual(Messages(100, seed: 7).Select(m => m.Json), Messages(100, seed: 8).Select(m => m.Json));

    [Fact]
    public void Without_a_seed_bids_differ_each_time() =>
        Assert.NotEqual(Messages(100, seed: null).Select(m => m.Json), Messages(100, seed: null).Select(m => m.Json));

    [Fact]
    public void Amounts_go_from_10_to_1000_in_cents()
    {
        var amounts = Messages(10_000).Select(m => m.Bid!.Amount).ToList();

        Assert.All(amounts, a => Assert.InRange(a, 10.00m, 1000.00m));
        Assert.All(amounts, a => Assert.Equal(a, decimal.Round(a, 2)));
        Assert.InRange(amounts.Min(), 10.00m, 11.00m);
        Assert.InRange(amounts.Max(), 999.00m, 1000.00m);
        Assert.InRange(amounts.Average(), 495m, 515m);
    }

    [Fact]
    public void Every_item_is_bid_on()
    {
        var messages = Messages(10_000);

        Assert.Equal(Items.Order(), messages.Select(m => m.Item).Distinct().Order());
        Assert.All(messages, m => Assert.Equal(m.Item, m.Bid!.Item));
        Assert.All(messages.CountBy(m => m.Item), item => Assert.InRange(item.Value, 3_000, 3_700));
    }

    [Fact]
    public void The_same_people_bid_again_and_again()
    {
        var bidders = Messages(10_000).Select(m => (m.Bid!.BidderId, m.Bid.BidderName, m.Bid.BidderEmail)).Distinct().ToList();

        Assert.Equal(250, bidders.Count);
        Assert.Equal(250, bidders.DistinctBy(b => b.BidderId).Count());
    }

    [Fact]
    public void A_bid_has_the_clocks_time_and_can_be_read_back()
    {
        var message = Assert.Single(Messages(1));

        Assert.Equal(Some.Time, message.Bid!.Timestamp);
        Assert.Equal(message.Bid, WireText.Read(message.Json));
    }

    [Fact]
    public void A_bad_rate_of_1_generates_only_invalid_messages()
    {
        var messages = Messages(1_000, badRate: 1);

        var reasons = messages.Select(m => WireText.Refusal(m.Body.ToArray())).ToHashSet();

        Assert.All(messages, m => Assert.Null(m.Bid));
        Assert.Equal(
            [
                "bid_amount is missing", "bid_amount is not a number", "bid_amount is not above zero",
                "bidder_name is longer than 256 characters", "the body is JSON, but not an object", "the body is not UTF-8 text",
                "timestamp is not an ISO 8601 time",
            ],
            reasons.Where(r => !r.Contains("not JSON", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains(reasons, r => r.StartsWith("the body is not JSON", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.2, 1_850, 2_150)]
    [InlineData(0.5, 4_800, 5_200)]
    public void The_bad_rate_is_the_share_of_bad_messages(double rate, int atLeast, int atMost) =>
        Assert.InRange(Messages(10_000, badRate: rate).Count(m => !BidJson.TryRead(m.Body.Span, out _, out _)), atLeast, atMost);

    [Fact]
    public void Each_message_has_a_unique_UUID_version_7_with_its_time()
    {
        var ids = Messages(10_000, badRate: 0.2).Select(m => Guid.Parse(m.Id)).ToHashSet();

        Assert.Equal(10_000, ids.Count);
        Assert.All(ids, id => Assert.Equal(7, id.Version));
        var milliseconds = Some.Time.ToUnixTimeMilliseconds().ToString("x12", null);
        Assert.All(ids, id => Assert.StartsWith(milliseconds, id.ToString("N"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_generator_without_items_is_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BidGenerator([], 7, 0, new FakeTimeProvider(Some.Time)));

    [Fact]
    public void A_message_shows_its_bid_or_that_it_is_bad()
    {
        Assert.Equal("Bid Amount: 222.59 at 2024-06-12T03:56:06.410536+00:00", BidMessage.Of(Some.Bid(), Some.Time).ToString());
        Assert.Equal("(bad on purpose) [1]", BidMessage.Bad("art", "[1]"u8.ToArray(), Some.Time).ToString());
        Assert.Equal("(bad on purpose) 81 bytes", BidMessage.Bad("art", new byte[81], Some.Time).ToString());
    }

    [Fact]
    public void With_auctions_every_bid_belongs_to_an_open_one_of_its_item_and_prices_mostly_rise()
    {
        var bids = new BidGenerator(Items, seed: 7, badRate: 0, new FakeTimeProvider(Some.Time), auctions: 10);
        var auctions = Enumerable.Range(0, 20_000).Select(_ => bids.Next().Bid!).GroupBy(bid => bid.AuctionId!).ToList();

        Assert.All(auctions, auction => Assert.Single(auction.Select(bid => bid.Item).Distinct()));
        Assert.All(auctions.SelectMany(a => a), bid => Assert.InRange(bid.Amount, 10.00m, 1000.00m));
        Assert.All(auctions, auction => Assert.Equal(auction.Min(bid => bid.Amount), auction.First().Amount));
        Assert.InRange(auctions.Count, 200, 5_000);
        var pairs = auctions.SelectMany(auction => auction.Zip(auction.Skip(1))).ToList();
        Assert.InRange(pairs.Count(pair => pair.Second.Amount > pair.First.Amount) / (double)pairs.Count, 0.85, 0.99);
    }

    [Fact]
    public void With_an_auction_time_auctions_close_and_one_of_ten_does_not_reach_its_opening_amount()
    {
        var time = new FakeTimeProvider(Some.Time) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var generator = new BidGenerator(Items, seed: 7, badRate: 0, time, auctions: 10, auctionTime: TimeSpan.FromSeconds(30));
        var auctions = Enumerable.Range(0, 50_000).Select(_ => generator.Next().Bid!).GroupBy(bid => bid.AuctionId!).ToList();

        Assert.InRange(auctions.Count, 1_500, 1_800); // 5,000 s of ten auctions that take 30 s, and one bid more
        Assert.All(auctions, auction => Assert.Single(auction.Select(bid => (bid.Item, bid.AuctionCloses, bid.AuctionOpening)).Distinct()));
        Assert.All(auctions.SelectMany(a => a), bid => Assert.InRange(bid.AuctionCloses!.Value - bid.Timestamp, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(30)));
        Assert.InRange(auctions.Count(a => a.Max(bid => bid.Amount) < a.First().AuctionOpening) / (double)auctions.Count, 0.05, 0.15);
        Assert.Equal(10, auctions.Take(10).Select(a => a.First().AuctionCloses).Distinct().Count());
    }

    [Fact]
    public void The_same_seed_generates_the_same_auctions()
    {
        Assert.Equal(Bodies(seed: 7), Bodies(seed: 7));
        Assert.NotEqual(Bodies(seed: 7), Bodies(seed: 8));

        static IEnumerable<string> Bodies(int seed)
        {
            var bids = new BidGenerator(Items, seed, badRate: 0.1, new FakeTimeProvider(Some.Time), auctions: 3);
            return [.. Enumerable.Range(0, 500).Select(_ => bids.Next().Json)];
        }
    }

    private static List<BidMessage> Messages(int count, int? seed = 7, double badRate = 0)
    {
        var generator = new BidGenerator(Items, seed, badRate, new FakeTimeProvider(Some.Time));
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
    }
}
