using AuctionTracker.Core.Bids;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Support;
using Xunit;
using static AuctionTracker.Sales.Tests.SomeAuctions;

namespace AuctionTracker.Sales.Tests.Auctions;

public sealed class AuctionBookTests
{
    private readonly AuctionBook _book = new();
    private int _added;

    [Fact]
    public void The_highest_bid_wins_in_any_order_of_arrival()
    {
        Add(Bid("a", 20, before: 10, bidder: "bob"), Bid("a", 30, before: 50, bidder: "eve"), Bid("a", 10, before: 90, bidder: "ada"));

        var closed = Close();

        Assert.Equal(("eve", 30m, 3, 3, true), (closed.Highest.BidderId, closed.Highest.Amount, closed.Bids, closed.Bidders, closed.IsSold));
        Assert.Equal([(End.AddSeconds(-90), 10m), (End.AddSeconds(-50), 30m)], closed.Prices.Select(step => (step.Time, step.Amount)));
    }

    [Fact]
    public void Of_equal_bids_the_earlier_wins_and_of_equal_times_the_lower_id()
    {
        Add(Bid("a", 30, before: 50, bidder: "late"), Bid("a", 30, before: 51, bidder: "early"), Bid("a", 30, before: 51, bidder: "same time"));

        Assert.Equal("early", Close().Highest.BidderId);

        _book.Add("2", Bid("b", 5, bidder: "second"), DateTimeOffset.MinValue);
        _book.Add("1", Bid("b", 5, bidder: "first"), DateTimeOffset.MinValue);
        Assert.Equal("first", Close().Highest.BidderId);
    }

    [Theory]
    [InlineData(0.000001, BidOutcome.Counted)]
    [InlineData(0, BidOutcome.AfterClosing)]
    [InlineData(-0.000001, BidOutcome.AfterClosing)]
    public void A_bid_counts_if_it_was_made_strictly_before_the_end(double before, BidOutcome outcome) =>
        Assert.Equal(outcome, _book.Add("m", Bid("a", 10, before), DateTimeOffset.MinValue));

    [Fact]
    public void A_repeat_counts_once()
    {
        var bid = Bid("a", 10);

        Assert.Equal(BidOutcome.Counted, _book.Add("m", bid, DateTimeOffset.MinValue));
        Assert.Equal(BidOutcome.Repeated, _book.Add("m", bid, DateTimeOffset.MinValue));
        Assert.Equal((1, 1), (_book.Count, _book.Bids));
    }

    [Fact]
    public void The_first_closing_time_holds()
    {
        _book.Add("1", Bid("a", 10), DateTimeOffset.MinValue);

        Assert.Equal(BidOutcome.CountedWithOtherEnd, _book.Add("2", Bid("a", 20) with { AuctionCloses = End.AddHours(1) }, DateTimeOffset.MinValue));
        Assert.Equal(BidOutcome.Counted, _book.Add("3", Bid("a", 15, saysEnd: false), DateTimeOffset.MinValue));
        Assert.Equal(BidOutcome.AfterClosing, _book.Add("4", Bid("a", 90, before: -1, closes: End.AddHours(1)) with { Timestamp = End }, DateTimeOffset.MinValue));
        var closed = Close();
        Assert.Equal((End, 20m, 3), (closed.Closes, closed.Highest.Amount, closed.Bids));
    }

    [Fact]
    public void A_bid_without_an_auction_or_an_end_opens_none()
    {
        Assert.Equal(BidOutcome.WithoutEnd, _book.Add("1", Some.Bid(), DateTimeOffset.MinValue));
        Assert.Equal(BidOutcome.WithoutEnd, _book.Add("2", Bid("a", 10, saysEnd: false), DateTimeOffset.MinValue));
        Assert.Equal(0, _book.Count);
    }

    [Theory]
    [InlineData("10", "10", true)]
    [InlineData("9.99", "10", false)]
    [InlineData("0.01", "0", true)]
    [InlineData("0.01", null, true)]
    public void An_auction_sells_from_its_opening_amount_on(string highest, string? opening, bool isSold)
    {
        Add(Bid("a", decimal.Parse(highest, System.Globalization.CultureInfo.InvariantCulture), opening: opening is null ? null : decimal.Parse(opening, System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Equal(isSold, Close().IsSold);
    }

    [Fact]
    public void Auctions_close_in_the_order_of_their_ends_and_not_before()
    {
        Add(Bid("last", 1, closes: End.AddSeconds(2)), Bid("first", 1, closes: End), Bid("second", 1, closes: End.AddSeconds(1)));

        Assert.Empty(_book.CloseUntil(End.AddTicks(-1), Some.Time));
        Assert.Equal(["first", "second"], _book.CloseUntil(End.AddSeconds(1), Some.Time).Select(a => a.AuctionId));
        Assert.Equal((1, 1), (_book.Count, _book.Bids));
        Assert.False(_book.IsOpen("first"));
        Assert.True(_book.IsOpen("last"));
    }

    [Fact]
    public void A_long_rise_has_two_hundred_steps_with_the_first_and_the_last()
    {
        Add([.. Enumerable.Range(1, 1_000).Select(i => Bid("a", i, before: 2_000 - i))]);

        var prices = Close().Prices;

        Assert.Equal((200, 1m, 1_000m), (prices.Count, prices[0].Amount, prices[^1].Amount));
        Assert.Equal(prices.OrderBy(p => p.Time).ThenBy(p => p.Amount), prices);
    }

    private void Add(params Bid[] bids)
    {
        foreach (var bid in bids)
        {
            Assert.Equal(BidOutcome.Counted, _book.Add($"{_added++:0000}", bid, DateTimeOffset.MinValue));
        }
    }

    private ClosedAuction Close() => Assert.Single(_book.CloseUntil(DateTimeOffset.MaxValue, End.AddSeconds(2)));
}
