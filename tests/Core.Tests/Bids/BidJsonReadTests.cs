using System.Globalization;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Bids;

public sealed class BidJsonReadTests
{
    [Fact]
    public void The_output_of_Pythons_json_dumps_is_read()
    {
        // json.dumps: a space after each colon and comma, non-ASCII as \u escapes; isoformat() of datetime.now(), without an offset.
        var body =
            """{"bidder_id": "3f1c", "bid_amount": 931.43, "timestamp": "2024-06-12T03:57:06.441262", "item": "art",""" +
            """ "bidder_name": "Zo\u00eb \ud83e\udd9c", "bidder_email": "zoe@example.com"}""";

        var expected = new Bid(
            "3f1c", 931.43m, new DateTimeOffset(2024, 6, 12, 3, 57, 6, TimeSpan.Zero).AddMicroseconds(441_262),
            "art", "Zoë 🦜", "zoe@example.com");
        Assert.Equal(expected, WireText.Read(body));
    }

    [Theory]
    [InlineData("931.43", "931.43")]
    [InlineData("10", "10")]
    [InlineData("10.0", "10")]
    [InlineData("1e2", "100")]
    [InlineData("1.5E+3", "1500")]
    [InlineData("222.59000000000003", "222.59000000000003")]
    [InlineData("1000000000000", "1000000000000")]
    [InlineData("1e12", "1000000000000")]
    [InlineData("1e-28", "0.0000000000000000000000000001")]
    public void An_amount_is_read_as_it_is_written(string json, string expected) =>
        Assert.Equal(
            decimal.Parse(expected, CultureInfo.InvariantCulture),
            WireText.Read(WireText.With("bid_amount", json)).Amount);

    [Theory]
    [InlineData("2024-06-12T03:56:06.410536", "2024-06-12T03:56:06.410536+00:00")]
    [InlineData("2024-06-12T03:56:06", "2024-06-12T03:56:06.000000+00:00")]
    [InlineData("2024-06-12T03:56:06.41", "2024-06-12T03:56:06.410000+00:00")]
    [InlineData("2024-06-12T03:56:06.4105369", "2024-06-12T03:56:06.410536+00:00")]
    [InlineData("2024-06-12T03:56:06Z", "2024-06-12T03:56:06.000000+00:00")]
    [InlineData("2024-06-12 03:56:06.410536", "2024-06-12T03:56:06.410536+00:00")]
    [InlineData("2024-06-11T22:56:06.410536-05:00", "2024-06-12T03:56:06.410536+00:00")]
    [InlineData("2024-06-12T09:26:06+05:30", "2024-06-12T03:56:06.000000+00:00")]
    [InlineData("2024-06-12T03:56:06.410536+00:00", "2024-06-12T03:56:06.410536+00:00")]
    [InlineData("\\u0032024-06-12T03:56:06.410536+00:00", "2024-06-12T03:56:06.410536+00:00")]
    public void A_time_is_converted_to_UTC_and_is_UTC_without_an_offset(string written, string expected) =>
        Assert.Equal(expected, Bid.Format(WireText.Read(WireText.With("timestamp", $"\"{written}\"")).Timestamp));

    [Theory]
    [InlineData("\"2024-06-12T04:00:00\"", "0", "2024-06-12T04:00:00.000000+00:00", "0")]
    [InlineData("\"2024-06-12T06:00:00.5+02:00\"", "99.99", "2024-06-12T04:00:00.500000+00:00", "99.99")]
    [InlineData("null", "null", null, null)]
    public void The_end_of_an_auction_is_read(string closes, string opening, string? expectedEnd, string? expectedOpening)
    {
        var bid = WireText.Read(WireText.With("auction_closes", closes).Replace("}", $",\"auction_opening\":{opening}}}", StringComparison.Ordinal));

        Assert.Equal(expectedEnd, bid.AuctionCloses is { } time ? Bid.Format(time) : null);
        Assert.Equal(expectedOpening, bid.AuctionOpening?.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_text_that_was_read_before_is_the_same_string_again()
    {
        var (first, second) = (WireText.Read(WireText.Good), WireText.Read(WireText.Good));

        Assert.Same(first.Item, second.Item);
        Assert.Same(first.BidderEmail, second.BidderEmail);
    }

    [Fact]
    public void An_auction_may_be_present_null_or_missing()
    {
        Assert.Equal("a-7", WireText.Read(WireText.Good).AuctionId);
        Assert.Null(WireText.Read(WireText.With("auction_id", "null")).AuctionId);
        Assert.Null(WireText.Read(WireText.Without("auction_id")).AuctionId);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("""{"bid_amount":-1,"item":[{"bidder_id":null}]}""")]
    [InlineData("""[1,[2,[3,"]"]]]""")]
    [InlineData("""[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]""")]
    public void An_unknown_key_is_ignored_whatever_it_holds(string json) =>
        Assert.Equal(WireText.Read(WireText.Good), WireText.Read(WireText.With("currency", json)));

    [Fact]
    public void An_unknown_key_may_appear_twice() =>
        Assert.Equal(WireText.Read(WireText.Good), WireText.Read(WireText.Good.Replace("{", """{"x":1,"x":2,""", StringComparison.Ordinal)));

    [Fact]
    public void An_unpaired_surrogate_in_the_value_of_an_unknown_key_is_ignored() =>
        Assert.Equal(WireText.Read(WireText.Good), WireText.Read(WireText.With("currency", """ "\ud83e" """)));

    [Fact]
    public void The_order_of_keys_and_the_blanks_between_them_do_not_matter()
    {
        var body =
            """
             {
                "auction_id" : "a-7",
                "bidder_email": "ada@example.com", "bidder_name": "Ada Byron", "item": "electronics",
                "timestamp": "2024-06-12T03:56:06.410536+00:00", "bid_amount": 222.59, "bidder_\u0069d": "b-1"
             }

            """;

        Assert.Equal(WireText.Read(WireText.Good), WireText.Read(body));
    }

    [Theory]
    [InlineData("bidder_id")]
    [InlineData("bidder_name")]
    [InlineData("bidder_email")]
    [InlineData("item")]
    [InlineData("auction_id")]
    public void A_text_of_256_characters_is_read(string field) =>
        Assert.Contains(
            new string('é', BidJson.MaxTextLength),
            BidJson.ToText(WireText.Read(WireText.With(field, $"\"{new string('é', 256)}\""))),
            StringComparison.Ordinal);

    [Fact]
    public void A_body_of_64_KiB_is_read()
    {
        var body = Encoding.UTF8.GetBytes(WireText.Good.PadRight(65_536));

        Assert.Equal(65_536, body.Length);
        Assert.Equal(Some.Bid(auctionId: "a-7"), WireText.Read(body));
    }
}
