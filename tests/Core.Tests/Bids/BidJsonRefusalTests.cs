using System.Text;
using Xunit;

namespace AuctionTracker.Core.Tests.Bids;

public sealed class BidJsonRefusalTests
{
    [Theory]
    [InlineData("", "the body is not JSON (byte 0)")]
    [InlineData("   ", "the body is not JSON (byte 3)")]
    [InlineData("hello", "the body is not JSON (byte 0)")]
    [InlineData("NaN", "the body is not JSON (byte 0)")]
    [InlineData("{'bidder_id': 'b-1'}", "the body is not JSON (byte 1)")]
    [InlineData("{\"bidder_id\":\"b-1\"", "the body is not JSON at or after bidder_id (byte 18)")]
    [InlineData("{\"bidder_id\":\"b-", "the body is not JSON at or after bidder_id (byte 16)")]
    [InlineData("{\"bidder_id\":\"b-1\",}", "the body is not JSON at or after bidder_id (byte 19)")]
    [InlineData("{\"item\":\"art\" // a comment\n}", "the body is not JSON at or after item (byte 14)")]
    [InlineData("{\"bidder_id\":\"a line\nbreak\"}", "the body is not JSON at or after bidder_id (byte 20)")]
    [InlineData("[1, 2", "the body is not JSON (byte 5)")]
    [InlineData("1 2", "the body is not JSON (byte 2)")]
    public void A_body_that_is_not_JSON_is_refused(string body, string reason) => Assert.Equal(reason, WireText.Refusal(body));

    [Fact]
    public void The_byte_position_counts_from_the_start_of_the_body() =>
        Assert.Equal("the body is not JSON at or after bidder_id (byte 21)", WireText.Refusal("{\n\"bidder_id\": \"b-1\"\n;}"));

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("12")]
    [InlineData("\"a text\"")]
    [InlineData("[]")]
    [InlineData("[{\"bidder_id\":\"b-1\"}]")]
    public void A_body_that_is_not_an_object_is_refused(string body) =>
        Assert.Equal("the body is JSON, but not an object", WireText.Refusal(body));

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("\0")]
    public void Anything_after_the_object_is_refused(string rest) =>
        Assert.Equal($"the body is not JSON at or after auction_id (byte {WireText.Good.Length})", WireText.Refusal(WireText.Good + rest));

    [Fact]
    public void A_byte_order_mark_is_refused() =>
        Assert.Equal("the body is not JSON (byte 0)", WireText.Refusal([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(WireText.Good)]));

    [Theory]
    [InlineData(0xFF)] // never a byte of UTF-8
    [InlineData(0xC3)] // the first of two, without the second
    [InlineData(0xA9)] // the second of two, without the first
    public void A_body_that_is_not_UTF8_is_refused(byte wrong)
    {
        var body = Encoding.UTF8.GetBytes(WireText.Good);
        body[WireText.Good.IndexOf("Ada", StringComparison.Ordinal)] = wrong;

        Assert.Equal("the body is not UTF-8 text", WireText.Refusal(body));
    }

    [Theory]
    [InlineData("auction_closes", "5", "auction_closes is not a text")]
    [InlineData("auction_closes", "\"\"", "auction_closes is not an ISO 8601 time")]
    [InlineData("auction_closes", "\"tomorrow\"", "auction_closes is not an ISO 8601 time")]
    [InlineData("auction_opening", "\"5\"", "auction_opening is not a number")]
    [InlineData("auction_opening", "-0.01", "auction_opening is below zero")]
    [InlineData("auction_opening", "-1e400", "auction_opening is below zero")]
    [InlineData("auction_opening", "1e400", "auction_opening is not finite, or too large")]
    [InlineData("auction_opening", "1000000000000.01", "auction_opening is above 1000000000000")]
    public void An_end_of_an_auction_that_makes_no_sense_is_refused(string field, string json, string reason) =>
        Assert.Equal(reason, WireText.Refusal(WireText.With(field, json)));

    [Theory]
    [InlineData("bidder_id")]
    [InlineData("bid_amount")]
    [InlineData("timestamp")]
    [InlineData("item")]
    [InlineData("bidder_name")]
    [InlineData("bidder_email")]
    public void A_missing_field_is_named(string field) => Assert.Equal($"{field} is missing", WireText.Refusal(WireText.Without(field)));

    [Fact]
    public void An_empty_object_lacks_the_first_field() => Assert.Equal("bidder_id is missing", WireText.Refusal("{}"));

    [Fact]
    public void Keys_are_case_sensitive() =>
        Assert.Equal("item is missing", WireText.Refusal(WireText.Good.Replace("\"item\"", "\"Item\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData("bidder_id", "\"b-1\"")]
    [InlineData("bid_amount", "1")]
    [InlineData("timestamp", "null")]
    [InlineData("item", "\"art\"")]
    [InlineData("bidder_name", "[]")]
    [InlineData("bidder_email", "{}")]
    [InlineData("auction_id", "null")]
    public void A_field_that_appears_twice_is_named(string field, string second) =>
        Assert.Equal($"{field} appears twice", WireText.Refusal($"{WireText.Good[..^1]},\"{field}\":{second}}}"));

    [Theory]
    [InlineData("bidder_id", "null")]
    [InlineData("bidder_id", "7")]
    [InlineData("timestamp", "1718164566.41")]
    [InlineData("item", "[\"art\"]")]
    [InlineData("bidder_name", "{\"first\":\"Ada\"}")]
    [InlineData("bidder_email", "false")]
    [InlineData("auction_id", "1638843936")]
    [InlineData("auction_id", "[]")]
    public void A_field_that_is_not_a_text_is_named(string field, string json) =>
        Assert.Equal($"{field} is not a text", WireText.Refusal(WireText.With(field, json)));

    [Theory]
    [InlineData("\"222.59\"", "bid_amount is not a number")]
    [InlineData("null", "bid_amount is not a number")]
    [InlineData("true", "bid_amount is not a number")]
    [InlineData("[222.59]", "bid_amount is not a number")]
    [InlineData("{\"value\":222.59}", "bid_amount is not a number")]
    [InlineData("0", "bid_amount is not above zero")]
    [InlineData("0.00", "bid_amount is not above zero")]
    [InlineData("-0.0", "bid_amount is not above zero")]
    [InlineData("-1", "bid_amount is not above zero")]
    [InlineData("-0.01", "bid_amount is not above zero")]
    [InlineData("-1e400", "bid_amount is not above zero")]
    [InlineData("1e-40", "bid_amount is not above zero")]
    [InlineData("1e29", "bid_amount is not finite, or too large")]
    [InlineData("1e400", "bid_amount is not finite, or too large")]
    [InlineData("1000000000000.01", "bid_amount is above 1000000000000")]
    [InlineData("1000000000001", "bid_amount is above 1000000000000")]
    [InlineData("1e13", "bid_amount is above 1000000000000")]
    [InlineData("NaN", "the body is not JSON at or after bid_amount (byte 32)")]
    [InlineData("Infinity", "the body is not JSON at or after bid_amount (byte 32)")]
    [InlineData("+1", "the body is not JSON at or after bid_amount (byte 32)")]
    [InlineData(".5", "the body is not JSON at or after bid_amount (byte 32)")]
    [InlineData("1.", "the body is not JSON at or after bid_amount (byte 34)")]
    [InlineData("01", "the body is not JSON at or after bid_amount (byte 33)")]
    public void An_invalid_amount_is_refused(string json, string reason) =>
        Assert.Equal(reason, WireText.Refusal(WireText.With("bid_amount", json)));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2024-06-12")]
    [InlineData("03:56:06")]
    [InlineData("2024-06-12T03:56")]
    [InlineData("2024-13-01T00:00:00")]
    [InlineData("2023-02-29T00:00:00")]
    [InlineData("2024-06-12T24:00:00")]
    [InlineData("2024-06-12T03:56:60")]
    [InlineData("2024-06-12T03:56:06.41053612")]
    [InlineData("2024-06-12T03:56:06+25:00")]
    [InlineData("2024-06-12T03:56:06 UTC")]
    [InlineData(" 2024-06-12T03:56:06")]
    [InlineData("2024-06-12T03:56:06\\u0000")]
    [InlineData("2024-06-12T24:56:06.410536+00:00")]
    [InlineData("2024-06-12T03:56:60.410536+00:00")]
    [InlineData("2024-06-12X03:56:06.410536+00:00")]
    [InlineData("2024-06-12T\\u0030\\u0033:56+00:00")] // as long as a whole time, but without seconds
    [InlineData("12/06/2024 03:56:06")]
    [InlineData("1718164566")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    public void An_invalid_time_is_refused(string time) =>
        Assert.Equal("timestamp is not an ISO 8601 time", WireText.Refusal(WireText.With("timestamp", $"\"{time}\"")));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("---")]
    [InlineData("🦜")]
    [InlineData("\\r\\n")]
    public void An_item_without_letter_or_digit_is_refused(string item) =>
        Assert.Equal("item has neither a letter nor a digit", WireText.Refusal(WireText.With("item", $"\"{item}\"")));

    [Theory]
    [InlineData("bidder_id")]
    [InlineData("timestamp")]
    [InlineData("item")]
    [InlineData("bidder_name")]
    [InlineData("bidder_email")]
    [InlineData("auction_id")]
    public void A_text_of_257_characters_is_refused(string field) =>
        Assert.Equal($"{field} is longer than 256 characters", WireText.Refusal(WireText.With(field, $"\"{new string('x', 257)}\"")));

    [Fact]
    public void A_body_over_64_KiB_is_refused() =>
        Assert.Equal("the body is 65537 bytes long, more than 65536", WireText.Refusal(WireText.Good.PadRight(65_537)));

    [Theory]
    [InlineData("bidder_name", "\\ud83e")]
    [InlineData("bidder_id", "\\udd9c\\ud83e")]
    [InlineData("auction_id", "\\ud83ex")]
    public void An_unpaired_surrogate_is_refused(string field, string text) =>
        Assert.Equal($"{field} holds text that is not valid Unicode", WireText.Refusal(WireText.With(field, $"\"{text}\"")));

    [Theory]
    [InlineData("{\"\\ud83e\":1}")]
    [InlineData("{\"bidder_id\":\"b-1\",\"\\ud83e\":1}")]
    public void An_unpaired_surrogate_in_a_property_name_is_refused_without_naming_a_field(string body) =>
        Assert.Equal("a name holds text that is not valid Unicode", WireText.Refusal(body));

    [Theory]
    [InlineData(65)]
    [InlineData(30_000)]
    public void Too_deep_nesting_in_an_unknown_key_is_refused(int depth)
    {
        var nested = new string('[', depth) + new string(']', depth);

        var reason = WireText.Refusal(WireText.With("nested", nested));

        Assert.StartsWith("the body is not JSON at or after auction_id (byte ", reason, StringComparison.Ordinal);
    }
}
