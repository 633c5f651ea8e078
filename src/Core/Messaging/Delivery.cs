using System.Buffers;
using System.Security.Cryptography;
using AuctionTracker.Core.Bids;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>A message delivered from a queue. Valid until its handler returns: its body is in memory that is used again.</summary>
public sealed class Delivery
{
    private readonly byte[] _pooled;

    internal Delivery(
        ulong tag, string queue, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body)
    {
        (Tag, Queue) = (tag, queue);
        (Exchange, RoutingKey, Properties) = (exchange, routingKey, properties);
        _pooled = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(_pooled);
        Body = _pooled.AsMemory(0, body.Length);
        BidJson.TryRead(body, out var bid, out var reason);
        (Bid, InvalidReason) = (bid, reason);
    }

    /// <summary>The queue it was delivered from.</summary>
    public string Queue { get; }

    /// <summary>The exchange it was published to; "" for the default one.</summary>
    public string Exchange { get; }

    /// <summary>The routing key it was published with.</summary>
    public string RoutingKey { get; }

    /// <summary>The body as it was published, valid or not.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>
    /// Identifies the message: its <c>message_id</c>, or the SHA-256 of its body in lower-case hexadecimal if it has none.
    /// Untrusted text.
    /// </summary>
    public string Id => Properties.MessageId is { Length: > 0 } id ? id : Convert.ToHexStringLower(SHA256.HashData(Body.Span));

    internal ulong Tag { get; }

    internal IReadOnlyBasicProperties Properties { get; }

    /// <summary>The bid in the body, or <see langword="null"/> when the body is not a valid bid.</summary>
    public Bid? Bid { get; }

    /// <summary>Why the body is not a valid bid; <see langword="null"/> when it is.</summary>
    public string? InvalidReason { get; }

    /// <summary>Gives the body's memory back. The delivery has no body from then on.</summary>
    internal void ReleaseBody()
    {
        Body = default;
        ArrayPool<byte>.Shared.Return(_pooled);
    }
}
