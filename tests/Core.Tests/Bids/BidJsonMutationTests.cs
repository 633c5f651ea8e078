using System.Text;
using AuctionTracker.Core.Bids;
using Xunit;

namespace AuctionTracker.Core.Tests.Bids;

public sealed class BidJsonMutationTests
{
    private static readonly string[] Snippets =
        [
            "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u", "\\ud800", "null", "1e400", "-", "\0", "\e[2J", "\r\n", "é", "\"item\":",
            "\"item\":\"x\",",
        ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_body_gives_a_bid_or_a_printable_reason(int seed)
    {
        var random = new Random(seed);
        var (bids, reasons) = (0, new HashSet<string>());
        for (var i = 0; i < 5_000; i++)
        {
            var body = Mutate(Encoding.UTF8.GetBytes(WireText.Good), random);
            if (BidJson.TryRead(body, out var bid, out var reason))
            {
                bids++;
                Assert.Null(reason);
                Assert.Equal(bid, WireText.Read(BidJson.Write(bid)));
            }
            else
            {
                reasons.Add(reason);
                Assert.Null(bid);
                Assert.NotEmpty(reason);
                Assert.DoesNotContain(reason, char.IsControl);
                Assert.True(Ascii.IsValid(reason), reason);
            }
        }

        Assert.InRange(bids, 100, 4_900);
        Assert.InRange(reasons.Count, 30, 5_000);
    }

    /// <summary>Makes one to four changes: replaces a byte, removes or repeats a range, or inserts a snippet.</summary>
    private static byte[] Mutate(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 20), bytes.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Snippets[random.Next(Snippets.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
