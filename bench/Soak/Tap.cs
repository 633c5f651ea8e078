using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>A queue of its own on the exchange, which sees every message the broker accepted.</summary>
internal static class Tap
{
    private const string Queue = "soak_tap";

    public static async Task OpenAsync(Uri broker, CancellationToken cancel)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var settings = new Core.Settings.BrokerSettings([broker], false, TimeSpan.FromSeconds(10), 1, TimeSpan.FromSeconds(30));
        await AuctionTopology.DeclareItemQueuesAsync(channel, ["electronics", "furniture", "art"], settings, cancel);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancel);
        await channel.QueueBindAsync(Queue, AuctionTopology.BidsExchange, "bid.*", cancellationToken: cancel);
    }

    /// <summary>How often each message was accepted, by its <c>message_id</c>.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> ReadAsync(Uri broker) =>
        (await PlainClient.DrainAsync(broker, Queue))
            .Where(m => m.BasicProperties.MessageId is not null)
            .GroupBy(m => m.BasicProperties.MessageId!)
            .ToDictionary(g => g.Key, g => g.Count());
}
