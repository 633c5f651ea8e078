using System.Text;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// What a producer sends: a body for the wire and its identity. The identity stays the same however often the message has to
/// be sent, so that whoever counts can tell a repetition from a new bid. Immutable.
/// </summary>
public sealed class BidMessage
{
    private BidMessage(Guid id, string item, ReadOnlyMemory<byte> body, Bid? bid)
    {
        Id = id;
        Item = item;
        Body = body;
        Bid = bid;
    }

    /// <summary>The AMQP <c>message_id</c>: a UUID version 7.</summary>
    public Guid Id { get; }

    /// <summary>The item whose queue it is for.</summary>
    public string Item { get; }

    /// <summary>The body, as it is sent.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The bid in the body, or <see langword="null"/> where the body is bad on purpose.</summary>
    public Bid? Bid { get; }

    /// <summary>The body as text: one line of JSON, unless it is bad on purpose.</summary>
    public string Json => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Makes the message that carries a bid.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="now">When the message was made; part of its identity.</param>
    public static BidMessage Of(Bid bid, DateTimeOffset now) => new(Guid.CreateVersion7(now), bid.Item, BidJson.Write(bid), bid);

    /// <summary>Makes a message that carries no bid.</summary>
    /// <param name="item">The item whose queue it is for.</param>
    /// <param name="body">The bad body.</param>
    /// <param name="now">When the message was made; part of its identity.</param>
    public static BidMessage Bad(string item, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), item, body, null);

    /// <summary>As the contract's texts show it: <c>Bid Amount: 222.59 at 2024-06-12T03:56:06.410536+00:00</c>.</summary>
    public override string ToString() =>
        Bid is not null ? $"Bid Amount: {Bid}" : $"(bad on purpose) {(Body.Length <= 80 ? Json : $"{Body.Length} bytes")}";
}
