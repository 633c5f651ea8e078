using System.Security.Cryptography;
using AuctionTracker.Core.Bids;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>A message as it came from a queue. Holds copies: it may be kept after the client library reused its memory.</summary>
public sealed class Delivery
{
    internal Delivery(
        IChannel channel, ulong tag, string queue, string exchange, string routingKey, IReadOnlyBasicProperties properties, byte[] body)
    {
        (Channel, Tag, Queue) = (channel, tag, queue);
        (Exchange, RoutingKey, Properties, Body) = (exchange, routingKey, properties, body);
        BidJson.TryRead(body, out var bid, out var reason);
        (Bid, Refusal) = (bid, reason);
    }

    /// <summary>The queue it was in.</summary>
    public string Queue { get; }

    /// <summary>The exchange it was published to; "" for the default one.</summary>
    public string Exchange { get; }

    /// <summary>The routing key it was published with.</summary>
    public string RoutingKey { get; }

    /// <summary>The body, as it was sent.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>
    /// What identifies the message: its <c>message_id</c>, or the SHA-256 of its body in hexadecimal where it has none.
    /// Outside text.
    /// </summary>
    public string Id => Properties.MessageId is { Length: > 0 } id ? id : Convert.ToHexStringLower(SHA256.HashData(Body.Span));

    internal IChannel Channel { get; }

    internal ulong Tag { get; }

    internal IReadOnlyBasicProperties Properties { get; }

    internal Bid? Bid { get; }

    internal string? Refusal { get; }
}
