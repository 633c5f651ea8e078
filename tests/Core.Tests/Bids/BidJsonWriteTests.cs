using System.Globalization;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Bids;

public sealed class BidJsonWriteTests
{
    [Fact]
    public void A_bid_is_one_line_with_the_field_names_of_the_reference_programs()
    {
        var expected =
            """{"bidder_id":"b-1","bid_amount":222.59,"timestamp":"2024-06-12T03:56:06.410536+00:00",""" +
            "\"item\":\"electronics\",\"bidder_name\":\"Ada Byron\",\"bidder_email\":\"ada@example.com\"}";

        Assert.Equal(Encoding.UTF8.GetBytes(expected), BidJson.Write(Some.Bid()));
        Assert.Equal(expected, BidJson.ToText(Some.Bid()));
    }

    [Fact]
    public void The_auction_comes_last() =>
        Assert.EndsWith(""","bidder_email":"ada@example.com","auction_id":"a-7"}""", BidJson.ToText(Some.Bid(auctionId: "a-7")), StringComparison.Ordinal);

    [Fact]
    public void The_end_of_an_auction_survives_the_wire()
    {
        var bid = Some.Bid(auctionId: "a-7") with { AuctionCloses = Some.Time.AddTicks(12_345_678), AuctionOpening = 0.01m };

        Assert.EndsWith(
            ""","auction_id":"a-7","auction_closes":"2024-06-12T03:56:07.645103+00:00","auction_opening":0.01}""",
            BidJson.ToText(bid), StringComparison.Ordinal);
        SurvivesTheWire(bid);
    }

    [Fact]
    public void A_name_stays_readable_and_a_control_character_is_escaped() =>
        Assert.Contains(
            ""","bidder_name":"Zoë \"+\" 李\r\n\u001B",""",
            BidJson.ToText(Some.Bid(bidderName: "Zoë \"+\" 李\r\n\e")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Zoë Müller-Łukasz")]
    [InlineData("李小龍 🦜")]
    [InlineData("tab\t, line\r\n, bell\a, escape\e, nul\0, delete\u007f")]
    [InlineData("\"quoted\" \\ </script> \u2028\u202e")]
    [InlineData("")]
    public void A_name_survives_the_wire(string name) => SurvivesTheWire(Some.Bid(bidderName: name));

    [Theory]
    [InlineData("0.01")]
    [InlineData("10.00")]
    [InlineData("123456789012.34")]
    [InlineData("999999999999.99")]
    [InlineData("1000000000000")]
    [InlineData("0.0000000000000000000000000001")]
    public void An_amount_survives_the_wire_to_the_last_digit(string amount) =>
        SurvivesTheWire(Some.Bid(amount: decimal.Parse(amount, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1638843936")]
    public void An_auction_survives_the_wire(string? auctionId) => SurvivesTheWire(Some.Bid(auctionId: auctionId));

    [Fact]
    public void A_time_is_converted_to_UTC_and_truncated_to_microseconds()
    {
        var local = new DateTimeOffset(2024, 6, 11, 22, 56, 6, TimeSpan.FromHours(-5)).AddTicks(4_105_369);

        var bid = Some.Bid(timestamp: local);

        Assert.Equal("2024-06-12T03:56:06.410536+00:00", Bid.Format(bid.Timestamp));
        Assert.Equal(TimeSpan.Zero, bid.Timestamp.Offset);
        SurvivesTheWire(bid);
    }

    [Fact]
    public void The_smallest_and_the_largest_time_survive_the_wire()
    {
        SurvivesTheWire(Some.Bid(timestamp: DateTimeOffset.MinValue));
        SurvivesTheWire(Some.Bid(timestamp: DateTimeOffset.MaxValue));
    }

    [Theory]
    [InlineData("222.59", "222.59 at 2024-06-12T03:56:06.410536+00:00")]
    [InlineData("10", "10.00 at 2024-06-12T03:56:06.410536+00:00")]
    [InlineData("222.59000000000003", "222.59 at 2024-06-12T03:56:06.410536+00:00")]
    [InlineData("1234567.5", "1234567.50 at 2024-06-12T03:56:06.410536+00:00")]
    public void A_bid_shows_two_decimals_and_its_time(string amount, string expected) =>
        Assert.Equal(expected, Some.Bid(amount: decimal.Parse(amount, CultureInfo.InvariantCulture)).ToString());

    private static void SurvivesTheWire(Bid bid) => Assert.Equal(bid, WireText.Read(BidJson.Write(bid)));
}
