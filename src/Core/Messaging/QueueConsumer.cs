using System.Threading.Channels;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>Takes a queue's deliveries from the client library. The library calls it for one delivery at a time, in order.</summary>
/// <param name="channel">The channel it consumes on.</param>
/// <param name="queue">The queue.</param>
/// <param name="deliveries">Gets the deliveries; it is completed with an error when no more can come.</param>
internal sealed class QueueConsumer(IChannel channel, string queue, ChannelWriter<Delivery> deliveries) : AsyncDefaultBasicConsumer(channel)
{
    /// <inheritdoc/>
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        // The client library reuses the body's memory when this returns: parse and copy it here.
        deliveries.TryWrite(new Delivery(deliveryTag, queue, exchange, routingKey, properties, body.Span));
        return Task.CompletedTask;
    }

    /// <summary>RabbitMQ ended the consumer.</summary>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        deliveries.TryComplete(new IOException($"queue {queue} was deleted, or its node stopped"));
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }
}
