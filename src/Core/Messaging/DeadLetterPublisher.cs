using AuctionTracker.Core.Bids;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Publishes messages that cannot be processed to <see cref="AuctionTopology.DeadLetterQueue"/>: body and properties unchanged,
/// with the reason in <see cref="DeadLetterHeaders"/>. Not thread-safe.
/// </summary>
public sealed class DeadLetterPublisher
{
    private static readonly CreateChannelOptions Confirmed =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly IChannel _channel;
    private readonly string _program;

    private DeadLetterPublisher(IChannel channel, string program) => (_channel, _program) = (channel, program);

    /// <summary>Opens a channel for dead letters.</summary>
    /// <param name="connection">An open connection; closing it closes the channel.</param>
    /// <param name="program">The program that dead-letters, for <see cref="DeadLetterHeaders.Program"/>.</param>
    /// <param name="cancel">Cancels the wait for the broker.</param>
    public static async Task<DeadLetterPublisher> OpenAsync(IConnection connection, string program, CancellationToken cancel) =>
        new(await connection.CreateChannelAsync(Confirmed, cancel), program);

    /// <summary>Publishes a message and returns when the broker has confirmed it: now the original may be acked.</summary>
    /// <param name="delivery">The message.</param>
    /// <param name="failure">Why it cannot be processed.</param>
    /// <param name="lost">Cancelled when the connection is lost.</param>
    public async Task PublishAsync(Delivery delivery, ProcessingFailure failure, CancellationToken lost)
    {
        var properties = new BasicProperties(delivery.Properties)
        {
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = delivery.Id,
        };
        var headers = properties.Headers ?? new Dictionary<string, object?>();
        properties.Headers = new Dictionary<string, object?>(headers)
        {
            [DeadLetterHeaders.Reason] = failure.Reason,
            [DeadLetterHeaders.Error] = failure.Error ?? "",
            [DeadLetterHeaders.Attempts] = failure.Attempts,
            [DeadLetterHeaders.FirstTime] = Bid.Format(failure.First),
            [DeadLetterHeaders.Time] = Bid.Format(failure.Last),
            [DeadLetterHeaders.Deaths] =
                1 + (headers.TryGetValue(DeadLetterHeaders.Deaths, out var deaths) && deaths is int before ? before : 0),
            [DeadLetterHeaders.Queue] = delivery.Queue,
            [DeadLetterHeaders.Exchange] = delivery.Exchange,
            [DeadLetterHeaders.RoutingKey] = delivery.RoutingKey,
            [DeadLetterHeaders.Program] = _program,
        };

        // A dead letter must not expire, even if its producer set an expiration. The broker refuses the user_id of another user.
        properties.ClearExpiration();
        properties.ClearUserId();
        await _channel.BasicPublishAsync("", AuctionTopology.DeadLetterQueue, mandatory: true, properties, delivery.Body, lost);
    }
}
