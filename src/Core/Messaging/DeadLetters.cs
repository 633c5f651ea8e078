using AuctionTracker.Core.Bids;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Puts what can't be handled where a person can see it: in <see cref="AuctionTopology.DeadLetterQueue"/>, body and properties
/// as they were, with the reason in headers. One caller at a time.
/// </summary>
public sealed class DeadLetters
{
    /// <summary>Header: why it could not be handled, a sentence.</summary>
    public const string ReasonHeader = "auction-reason";

    /// <summary>Header: the queue it was in.</summary>
    public const string QueueHeader = "auction-queue";

    /// <summary>Header: the exchange it was published to; "" for the default one.</summary>
    public const string ExchangeHeader = "auction-exchange";

    /// <summary>Header: the routing key it was published with.</summary>
    public const string RoutingKeyHeader = "auction-routing-key";

    /// <summary>Header: the program that gave it up, as in <c>consumer_v4.0</c>.</summary>
    public const string ProgramHeader = "auction-program";

    /// <summary>Header: when that was, as the wire writes times.</summary>
    public const string TimeHeader = "auction-time";

    private static readonly CreateChannelOptions Confirmed =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly IChannel _channel;
    private readonly string _program;
    private readonly TimeProvider _time;

    private DeadLetters(IChannel channel, string program, TimeProvider time) => (_channel, _program, _time) = (channel, program, time);

    /// <summary>Opens a channel for dead letters.</summary>
    /// <param name="connection">An open connection; what is opened here ends with it.</param>
    /// <param name="program">The program that gives messages up.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    public static async Task<DeadLetters> OpenAsync(
        IConnection connection, string program, TimeProvider time, CancellationToken cancel) =>
        new(await connection.CreateChannelAsync(Confirmed, cancel), program, time);

    /// <summary>Publishes a message to the dead letters and returns when the broker has confirmed it: now it may be acked.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="reason">Why it can't be handled.</param>
    /// <param name="lost">Cancelled when the connection is gone.</param>
    public async Task PutAsync(Delivery delivery, string reason, CancellationToken lost)
    {
        var properties = new BasicProperties(delivery.Properties)
        {
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = delivery.Id,
        };
        properties.Headers = new Dictionary<string, object?>(properties.Headers ?? new Dictionary<string, object?>())
        {
            [ReasonHeader] = reason,
            [QueueHeader] = delivery.Queue,
            [ExchangeHeader] = delivery.Exchange,
            [RoutingKeyHeader] = delivery.RoutingKey,
            [ProgramHeader] = _program,
            [TimeHeader] = Bid.Format(_time.GetUtcNow()),
        };

        // A dead letter may not expire, whatever its producer wished for the bid.
        properties.ClearExpiration();
        await _channel.BasicPublishAsync("", AuctionTopology.DeadLetterQueue, mandatory: true, properties, delivery.Body, lost);
    }
}
