using System.Text;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Bench.Fuzz;

/// <summary>Message bodies as a broken or hostile client might send them. The same seed gives the same bodies. Not thread-safe.</summary>
internal sealed class FuzzInputs(int seed)
{
    private static readonly string[] Snippets =
    [
        "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u", "\\ud800", "\\udc00\\ud800", "null", "true", "1e400", "-1e400", "1e-400", "-",
        "NaN", "Infinity", "0x10", "\0", "\e[2J\e[31m", "\r\nBcc: x@example.com", "\u202e", "\u2028", "\ufeff", "\U000e0041", "<script>",
        "../../etc/passwd", "\"item\":", "\"item\":\"x\",", "\"bid_amount\":1,", "99999999999999999999999999999999999999999",
        "0.0000000000000000000000000000000000001",
    ];

    private static readonly string[] Names =
        ["bidder_id", "bid_amount", "timestamp", "item", "bidder_name", "bidder_email", "auction_id", "unknown", "", "it\\u0065m"];

    private readonly Random _random = new(seed);
    private readonly BidGenerator _bids = new(["art", "électronique", "日本 🎎", "Palm Pilot"], seed, badRate: 0.1, TimeProvider.System);

    public byte[] Next() => _random.Next(10) switch
    {
        < 5 => Mutate(_bids.Next().Body.ToArray()),
        5 => RandomBytes(_random.Next(300)),
        6 => RandomObject(),
        7 => DeeplyNested(),
        8 => OtherEncoding(_bids.Next().Json),
        _ => _random.Next(100) == 0 ? Oversized() : Mutate(RandomObject()),
    };

    private byte[] Mutate(byte[] body)
    {
        var bytes = body.ToList();
        for (var change = _random.Next(1, 6); change > 0 && bytes.Count > 0; change--)
        {
            var at = _random.Next(bytes.Count);
            var length = Math.Min(_random.Next(1, 30), bytes.Count - at);
            switch (_random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(RandomSnippet()));
                    break;
            }
        }

        return [.. bytes];
    }

    private byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>An object with known, unknown and duplicate names and values of every kind.</summary>
    private byte[] RandomObject()
    {
        var pairs = Enumerable.Range(0, _random.Next(12)).Select(_ => $"\"{Names[_random.Next(Names.Length)]}\":{RandomValue(0)}");
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', pairs)}}}");
    }

    private string RandomValue(int depth) => _random.Next(depth < 3 ? 8 : 6) switch
    {
        0 => "null",
        1 => "\"2024-06-12T03:56:06+00:00\"",
        2 => _random.Next(-5, 2_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        3 => $"\"{RandomSnippet().Replace("\"", "", StringComparison.Ordinal)}\"",
        4 => $"\"{new string('x', _random.Next(250, 260))}\"",
        5 => "1e" + _random.Next(-400, 400).ToString(System.Globalization.CultureInfo.InvariantCulture),
        6 => $"[{RandomValue(depth + 1)},{RandomValue(depth + 1)}]",
        _ => $"{{\"a\":{RandomValue(depth + 1)}}}",
    };

    private byte[] DeeplyNested()
    {
        var depth = _random.Next(1, 2_000);
        var (open, close) = _random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        var closed = _random.Next(4) == 0 ? depth - 1 : depth;
        var inner = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, closed));
        return Encoding.UTF8.GetBytes(_random.Next(2) == 0 ? inner : $"{{\"unknown\":{inner}}}");
    }

    private byte[] OtherEncoding(string json) => _random.Next(4) switch
    {
        0 => Encoding.Unicode.GetBytes(json),
        1 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(json)],
        2 => Encoding.Latin1.GetBytes(json),
        _ => Encoding.UTF32.GetBytes(json),
    };

    private byte[] Oversized() => Encoding.UTF8.GetBytes($"{{\"bidder_id\":\"{new string('x', _random.Next(60_000, 70_000))}\"}}");

    private string RandomSnippet() => Snippets[_random.Next(Snippets.Length)];
}
