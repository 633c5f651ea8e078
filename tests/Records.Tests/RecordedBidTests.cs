using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Records.Tests;

public sealed class RecordedBidTests
{
    [Theory]
    [InlineData("222.59", "222.59")]
    [InlineData("0.12345", "0.1234")]
    [InlineData("0.12355", "0.1236")]
    [InlineData("999999999999.99999", "1000000000000")]
    [InlineData("0.00001", "0.0001")]
    public void An_amount_has_four_decimals_and_stays_above_zero(string amount, string kept) =>
        Assert.Equal(decimal.Parse(kept, null), SomeRecord.Bid("m", decimal.Parse(amount, null)).Bid.Amount);

    [Fact]
    public void What_no_database_holds_is_replaced_in_every_text()
    {
        var bid = new RecordedBid(
            "m\0", Some.Bid(item: "a\0t", bidderId: "\0", bidderName: "Ada\0", bidderEmail: "a@\0", auctionId: "\0\0"), SomeRecord.Noon);

        Assert.Equal(
            ("m\uFFFD", "a\uFFFDt", "\uFFFD", "Ada\uFFFD", "a@\uFFFD", "\uFFFD\uFFFD"),
            (bid.MessageId, bid.Bid.Item, bid.Bid.BidderId, bid.Bid.BidderName, bid.Bid.BidderEmail, bid.Bid.AuctionId));
    }

    [Fact]
    public void The_end_of_the_auction_is_no_part_of_the_record()
    {
        var bid = Some.Bid(auctionId: "a") with { AuctionCloses = Some.Time, AuctionOpening = 1 };

        Assert.Equal(Some.Bid(auctionId: "a"), new RecordedBid("m", bid, SomeRecord.Noon).Bid);
    }

    [Fact]
    public void A_bid_that_every_database_holds_is_the_same_object()
    {
        var bid = Some.Bid();

        Assert.Same(bid, new RecordedBid("m", bid, SomeRecord.Noon).Bid);
    }

    [Fact]
    public void The_time_of_arrival_is_in_UTC_and_in_whole_microseconds()
    {
        var local = new DateTimeOffset(2026, 11, 24, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(19);

        Assert.Equal(SomeRecord.Noon.AddMicroseconds(1), SomeRecord.Bid("m", receivedAt: local).ReceivedAt);
        Assert.Equal(TimeSpan.Zero, SomeRecord.Bid("m", receivedAt: local).ReceivedAt.Offset);
    }
}
