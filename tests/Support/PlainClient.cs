using RabbitMQ.Client;

namespace AuctionTracker.Support;

/// <summary>A client without knowledge of the suite: it declares plain durable queues and publishes bodies without headers.</summary>
public static class PlainClient
{
    /// <summary>Declares a durable queue and publishes a persistent message to it.</summary>
    public static async Task SendAsync(Uri broker, string queue, ReadOnlyMemory<byte> body)
    {
        await DeclareAsync(broker, queue);
        await PublishAsync(broker, queue, body);
    }

    /// <summary>Declares a durable queue without arguments.</summary>
    public static async Task DeclareAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
    }

    /// <summary>Publishes a persistent message to an existing queue and waits for the confirm.</summary>
    public static async Task PublishAsync(Uri broker, string queue, ReadOnlyMemory<byte> body)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, body);
    }

    /// <summary>Removes all ready messages from a queue and returns them.</summary>
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

    /// <summary>Deletes a queue and its messages.</summary>
    public static async Task DeleteAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
    }

    /// <summary>Counts the ready messages of a queue.</summary>
    public static async Task<uint> CountAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        return await channel.MessageCountAsync(queue);
    }

    public static async Task<bool> ExistsAsync(Uri broker, string queue)
    {
        try
        {
            await CountAsync(broker, queue);
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }
}
