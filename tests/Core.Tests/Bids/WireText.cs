using System.Text;
using AuctionTracker.Core.Bids;
using Xunit;

namespace AuctionTracker.Core.Tests.Bids;

/// <summary>Message bodies as text: a valid one, and variants of it with one field changed.</summary>
internal static class WireText
{
    public const string Good =
        """{"bidder_id":"b-1","bid_amount":222.59,"timestamp":"2024-06-12T03:56:06.410536+00:00",""" +
        """ "item":"electronics","bidder_name":"Ada Byron","bidder_email":"ada@example.com","auction_id":"a-7"}""";

    private static readonly Dictionary<string, string> Values = new()
    {
        ["bidder_id"] = "\"b-1\"",
        ["bid_amount"] = "222.59",
        ["timestamp"] = "\"2024-06-12T03:56:06.410536+00:00\"",
        ["item"] = "\"electronics\"",
        ["bidder_name"] = "\"Ada Byron\"",
        ["bidder_email"] = "\"ada@example.com\"",
        ["auction_id"] = "\"a-7\"",
    };

    /// <summary>The valid body with another value (as JSON) in one field; an unknown field is added at the end.</summary>
    public static string With(string field, string json) =>
        Object(new Dictionary<string, string>(Values) { [field] = json });

    public static string Without(string field) => Object(Values.Where(v => v.Key != field));

    /// <summary>Asserts that a body is refused, and returns the reason.</summary>
    public static string Refusal(string body) => Refusal(Encoding.UTF8.GetBytes(body));

    public static string Refusal(byte[] body)
    {
        Assert.False(BidJson.TryRead(body, out var bid, out var reason));
        Assert.Null(bid);
        return reason;
    }

    /// <summary>Asserts that a body is read, and returns the bid.</summary>
    public static Bid Read(string body) => Read(Encoding.UTF8.GetBytes(body));

    public static Bid Read(byte[] body)
    {
        Assert.True(BidJson.TryRead(body, out var bid, out var reason), reason);
        Assert.Null(reason);
        return bid;
    }

    private static string Object(IEnumerable<KeyValuePair<string, string>> values) =>
        $"{{{string.Join(',', values.Select(v => $"\"{v.Key}\":{v.Value}"))}}}";
}
