using System.Text;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// A message that a producer publishes: a body and a message id. The id stays the same when the message is published again, so that
/// consumers can recognise a duplicate. Immutable.
/// </summary>
public sealed class BidMessage
{
    private BidMessage(string id, string item, ReadOnlyMemory<byte> body, Bid? bid)
    {
        Id = id;
        Item = item;
        Body = body;
        Bid = bid;
    }

    /// <summary>The AMQP <c>message_id</c>: a UUID version 7, unless it was given.</summary>
    public string Id { get; }

    /// <summary>The item that determines its routing key.</summary>
    public string Item { get; }

    /// <summary>The body, as it is published.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The bid in the body, or <see langword="null"/> if the body is bad on purpose.</summary>
    public Bid? Bid { get; }

    /// <summary>The body as text: one line of JSON, unless it is bad on purpose.</summary>
    public string Json => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Creates a message that carries a bid.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="now">The current time; the message id contains it, in milliseconds.</param>
    /// <param name="id">The message id of a bid that has one; at most 255 bytes in UTF-8. By default a new one.</param>
    public static BidMessage Of(Bid bid, DateTimeOffset now, string? id = null) => new(id ?? NewId(now), bid.Item, BidJson.Write(bid), bid);

    /// <summary>Creates a message whose body is not a valid bid.</summary>
    /// <param name="item">The item that determines its routing key.</param>
    /// <param name="body">The invalid body.</param>
    /// <param name="now">The current time; the message id contains it, in milliseconds.</param>
    public static BidMessage Bad(string item, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        new(NewId(now), item, body, null);

    /// <summary>The message as the log shows it: <c>Bid Amount: 222.59 at 2024-06-12T03:56:06.410536+00:00</c>.</summary>
    public override string ToString() =>
        Bid is not null ? $"Bid Amount: {Bid}" : $"(bad on purpose) {(Body.Length <= 80 ? Json : $"{Body.Length} bytes")}";

    private static string NewId(DateTimeOffset now) => Guid.CreateVersion7(now).ToString();
}
