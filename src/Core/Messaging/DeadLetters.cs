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

    /// <summary>Header: when it was given up, as the wire writes times.</summary>
    public const string TimeHeader = "auction-time";

    /// <summary>Header: when it failed first, as the wire writes times.</summary>
    public const string FirstTimeHeader = "auction-first-time";

    /// <summary>Header: how often its handler was called, a number; 0 where the body is no bid.</summary>
    public const string AttemptsHeader = "auction-attempts";

    /// <summary>Header: the type of the error, where the handler failed.</summary>
    public const string ErrorHeader = "auction-error";

    /// <summary>Header: how often the message came to the dead letters, a number from 1; more after replays.</summary>
    public const string DeathsHeader = "auction-deaths";

    private static readonly CreateChannelOptions Confirmed =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly IChannel _channel;
    private readonly string _program;

    private DeadLetters(IChannel channel, string program) => (_channel, _program) = (channel, program);

    /// <summary>Opens a channel for dead letters.</summary>
    /// <param name="connection">An open connection; what is opened here ends with it.</param>
    /// <param name="program">The program that gives messages up.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    public static async Task<DeadLetters> OpenAsync(IConnection connection, string program, CancellationToken cancel) =>
        new(await connection.CreateChannelAsync(Confirmed, cancel), program);

    /// <summary>Publishes a message to the dead letters and returns when the broker has confirmed it: now it may be acked.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="failure">Why it can't be handled.</param>
    /// <param name="lost">Cancelled when the connection is gone.</param>
    public async Task PutAsync(Delivery delivery, ProcessingFailure failure, CancellationToken lost)
    {
        var properties = new BasicProperties(delivery.Properties)
        {
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = delivery.Id,
        };
        var headers = properties.Headers ?? new Dictionary<string, object?>();
        properties.Headers = new Dictionary<string, object?>(headers)
        {
            [ReasonHeader] = failure.Reason,
            [ErrorHeader] = failure.Error ?? "",
            [AttemptsHeader] = failure.Attempts,
            [FirstTimeHeader] = Bid.Format(failure.First),
            [TimeHeader] = Bid.Format(failure.Last),
            [DeathsHeader] = 1 + (headers.TryGetValue(DeathsHeader, out var deaths) && deaths is int before ? before : 0),
            [QueueHeader] = delivery.Queue,
            [ExchangeHeader] = delivery.Exchange,
            [RoutingKeyHeader] = delivery.RoutingKey,
            [ProgramHeader] = _program,
        };

        // A dead letter may not expire, whatever its producer wished for the bid; and the broker lets nobody publish in the
        // name of another user.
        properties.ClearExpiration();
        properties.ClearUserId();
        await _channel.BasicPublishAsync("", AuctionTopology.DeadLetterQueue, mandatory: true, properties, delivery.Body, lost);
    }
}
