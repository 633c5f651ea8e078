using System.Security.Cryptography;
using AuctionTracker.Core.Bids;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>A message delivered from a queue. It holds copies, so it stays valid after the client library reuses its memory.</summary>
public sealed class Delivery
{
    internal Delivery(
        IChannel channel, ulong tag, string queue, string exchange, string routingKey, IReadOnlyBasicProperties properties, byte[] body)
    {
        (Channel, Tag, Queue) = (channel, tag, queue);
        (Exchange, RoutingKey, Properties, Body) = (exchange, routingKey, properties, body);
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
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>
    /// Identifies the message: its <c>message_id</c>, or the SHA-256 of its body in lower-case hexadecimal if it has none.
    /// Untrusted text.
    /// </summary>
    public string Id => Properties.MessageId is { Length: > 0 } id ? id : Convert.ToHexStringLower(SHA256.HashData(Body.Span));

    internal IChannel Channel { get; }

    internal ulong Tag { get; }

    internal IReadOnlyBasicProperties Properties { get; }

    /// <summary>The bid in the body, or <see langword="null"/> when the body is not a valid bid.</summary>
    internal Bid? Bid { get; }

    /// <summary>Why the body is not a valid bid; <see langword="null"/> when it is.</summary>
    internal string? InvalidReason { get; }
}
