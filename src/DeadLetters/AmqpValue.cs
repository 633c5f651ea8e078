using System.Collections;
using System.Text;
using AuctionTracker.Core.Bids;
using RabbitMQ.Client;

namespace AuctionTracker.Letters;

/// <summary>Header values as the client library hands them out, made plain: texts, numbers, lists and dictionaries.</summary>
internal static class AmqpValue
{
    /// <summary>Whoever nests deeper does it to hurt.</summary>
    private const int MaxDepth = 8;

    public static object? Plain(object? value, int depth = 0) => value switch
    {
        null or string or bool => value,
        byte[] text => Encoding.UTF8.GetString(text),
        BinaryTableValue binary => Convert.ToBase64String(binary.Bytes ?? []),
        AmqpTimestamp { UnixTime: >= 0 and <= 253_402_300_799 } time => Bid.Format(DateTimeOffset.FromUnixTimeSeconds(time.UnixTime)),
        AmqpTimestamp time => time.UnixTime,
        IDictionary or IList when depth == MaxDepth => "…",
        IDictionary<string, object?> table => table.ToDictionary(e => e.Key, e => Plain(e.Value, depth + 1)),
        IList list => list.Cast<object?>().Select(e => Plain(e, depth + 1)).ToList(),
        _ => value,
    };
}
