using RabbitMQ.Client;

namespace AuctionTracker.Support;

/// <summary>A client that knows nothing of the suite: plain durable queues, bare messages.</summary>
public static class PlainClient
{
    /// <summary>Declares a queue as any client would, and sends a message with a delivery mode and nothing else.</summary>
    public static async Task SendAsync(Uri broker, string queue, ReadOnlyMemory<byte> body)
    {
        await DeclareAsync(broker, queue);
        await PublishAsync(broker, queue, body);
    }

    /// <summary>Declares a queue as any client would.</summary>
    public static async Task DeclareAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
    }

    /// <summary>Sends a message to a queue that is there.</summary>
    public static async Task PublishAsync(Uri broker, string queue, ReadOnlyMemory<byte> body)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, body);
    }

    /// <summary>Takes all messages out of a queue.</summary>
    public static async Task<IReadOnlyList<BasicGetResult>> DrainAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        var messages = new List<BasicGetResult>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Deletes a queue with all that is in it.</summary>
    public static async Task DeleteAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
    }

    /// <summary>How many messages a queue holds ready.</summary>
    public static async Task<uint> CountAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        return await channel.MessageCountAsync(queue);
    }
}
