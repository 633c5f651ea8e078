using System.Collections;
using System.Text;
using AuctionTracker.Core.Bids;
using RabbitMQ.Client;

namespace AuctionTracker.DeadLetters.Queue;

/// <summary>Converts header values of the client library to values that JSON has: texts, numbers, lists and dictionaries.</summary>
internal static class AmqpValue
{
    /// <summary>Bounds the recursion: anyone may publish deeply nested headers.</summary>
    private const int MaxDepth = 8;

    public static object? ToPlain(object? value, int depth = 0) => value switch
    {
        null or string or bool => value,
        byte[] text => Encoding.UTF8.GetString(text),
        BinaryTableValue binary => Convert.ToBase64String(binary.Bytes ?? []),
        AmqpTimestamp { UnixTime: >= 0 and <= 253_402_300_799 } time => Bid.Format(DateTimeOffset.FromUnixTimeSeconds(time.UnixTime)),
        AmqpTimestamp time => time.UnixTime,
        IDictionary or IList when depth == MaxDepth => "…",
        IDictionary<string, object?> table => table.ToDictionary(e => e.Key, e => ToPlain(e.Value, depth + 1)),
        IList list => list.Cast<object?>().Select(e => ToPlain(e, depth + 1)).ToList(),
        _ => value,
    };
}
