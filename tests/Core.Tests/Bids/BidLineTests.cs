using System.Security.Cryptography;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Bids;

public sealed class BidLineTests
{
    private const string Fields =
        "\"bidder_id\":\"b-1\",\"bid_amount\":222.59,\"timestamp\":\"2024-06-12T03:56:06.410536+00:00\",\"item\":\"electronics\"," +
        "\"bidder_name\":\"Ada Byron\",\"bidder_email\":\"ada@example.com\"";

    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_that_was_written_reads_as_an_equal_one()
    {
        var line = new BidLine("m-1 \"é\"", Some.Bid(auctionId: "a-1"), Noon);

        Assert.True(BidLine.TryRead(line.ToBytes().AsSpan()[..^1], out var read, out _));
        Assert.Equal(line, read);
        Assert.Equal((byte)'\n', line.ToBytes()[^1]);
    }

    [Fact]
    public void A_line_without_an_id_is_identified_by_its_hash_without_its_end()
    {
        var bytes = Encoding.UTF8.GetBytes($"{{{Fields}}}");

        Assert.True(BidLine.TryRead([.. bytes, (byte)'\r'], out var line, out _));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), line.MessageId);
        Assert.Null(line.ReceivedAt);
        Assert.Equal(Some.Bid(), line.Bid);
    }

    [Theory]
    [InlineData("\"message_id\":5")]
    [InlineData("\"message_id\":\"\"")]
    [InlineData("\"message_id\":null")]
    [InlineData("\"message_id\":\"\\ud800\"")]
    [InlineData("\"received_at\":\"yesterday\"")]
    [InlineData("\"received_at\":5")]
    public void An_id_or_time_of_another_kind_makes_it_no_line_of_the_record(string field)
    {
        Assert.False(BidLine.TryRead(Encoding.UTF8.GetBytes($"{{{Fields},{field}}}"), out _, out var reason));
        Assert.Equal("message_id or received_at is not a text of its kind", reason);
    }

    [Fact]
    public void A_line_that_is_no_bid_is_refused_with_the_reason_of_the_wire_format()
    {
        Assert.False(BidLine.TryRead("{\"message_id\":\"m-1\"}"u8, out _, out var reason));
        Assert.Equal("bidder_id is missing", reason);
    }
}
