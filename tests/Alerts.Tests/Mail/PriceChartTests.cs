using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Mail;

public sealed class PriceChartTests
{
    private const string Background = "ffffff";
    private const string Bar = "7da4d0";
    private const string Latest = "dc2626";
    private const string Line = "6b7280";

    [Fact]
    public void Each_price_is_a_bar_of_its_height_and_the_latest_is_red()
    {
        var pixels = Draw([200m, 400m], limit: null);

        // At least five bars, of 188 pixels each; the bars end at the base line, 8 pixels above the edge.
        Assert.Equal((Background, Bar), (pixels(100, 310 - 154), pixels(100, 310 - 148)));
        Assert.Equal((Background, Latest), (pixels(290, 7), pixels(290, 9)));
        Assert.Equal((Line, Background), (pixels(500, 312), pixels(500, 300)));
    }

    [Fact]
    public void The_crossed_price_is_a_dashed_line()
    {
        var pixels = Draw([1m, 400m], limit: 200m);

        Assert.Equal((Line, Background), (pixels(8 + (24 * 30), 160), pixels(8 + (24 * 30) + 15, 160)));
    }

    [Fact]
    public void A_limit_above_all_prices_fits_into_the_chart() => Assert.Equal(Line, Draw([100m], limit: 1_000_000_000_000m)(8, 8));

    [Fact]
    public void Of_many_prices_the_last_are_drawn()
    {
        var pixels = Draw([.. Enumerable.Repeat(1_000_000m, 1000), .. Enumerable.Repeat(5m, 119), 10m], limit: null);

        Assert.Equal((Bar, Latest), (pixels(12, 300), pixels(948, 9)));
        Assert.Equal(Background, pixels(12, 100));
    }

    /// <summary>Draws a chart and decodes its chunks (length, type, data, CRC) into the colours of pixels.</summary>
    private static Func<int, int, string> Draw(IReadOnlyList<decimal> prices, decimal? limit)
    {
        var file = PngOf(prices, limit);
        Assert.Equal("89504e470d0a1a0a", Convert.ToHexStringLower(file.AsSpan(0, 8)));
        var chunks = new Dictionary<string, byte[]>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add(Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }

        Assert.Equal(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"], chunks.Keys);
        Assert.Equal("000003c0000001400203000000", Convert.ToHexStringLower(chunks["IHDR"]));
        Assert.Equal([0], chunks["tRNS"]); // the background is transparent
        Assert.Equal("ae426082", Convert.ToHexStringLower(file.AsSpan(file.Length - 4))); // the CRC every PNG file ends with
        using var rows = new MemoryStream();
        using (var deflated = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress))
        {
            deflated.CopyTo(rows);
        }

        // A row is a filter, 2 (the difference to the row above), and 240 bytes of four pixels, the first one in the highest bits.
        var bytes = rows.ToArray();
        Assert.Equal(241 * 320, bytes.Length);
        for (var row = 0; row < 320; row++)
        {
            Assert.Equal(2, bytes[row * 241]);
            for (var i = (row * 241) + 1; row > 0 && i < (row + 1) * 241; i++)
            {
                bytes[i] += bytes[i - 241];
            }
        }

        return (x, y) => Convert.ToHexStringLower(chunks["PLTE"].AsSpan(3 * ((bytes[(y * 241) + 1 + (x / 4)] >> (6 - (x % 4 * 2))) & 3), 3));
    }

    private static byte[] PngOf(IReadOnlyList<decimal> prices, decimal? limit)
    {
        var entries = prices.Select(p => WindowEntry.From(Some.Bid(p))).ToList();
        var alert = Alert.ForBid("m-1", AlertKind.HighBid, Some.Bid(prices[^1]), limit ?? 0) with { Window = entries };
        return new AlertEmail([alert], "from@example.com", "to@example.com", Some.Time).Chart!;
    }
}
