using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>A queue on the exchange of bids that gets a copy of every message the broker accepts.</summary>
internal static class QueueTap
{
    private const string Queue = "soak_tap";

    public static async Task DeclareAsync(Uri broker, bool isQuorum, CancellationToken cancel)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var settings = new BrokerSettings([broker], isQuorum, SoakPrograms.Heartbeat, 1, TimeSpan.FromSeconds(30));
        await AuctionTopology.DeclareItemQueuesAsync(channel, SoakPrograms.Items, settings, cancel);
        Dictionary<string, object?> arguments = isQuorum ? new() { ["x-queue-type"] = "quorum" } : [];
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancel);
        await channel.QueueBindAsync(Queue, AuctionTopology.BidsExchange, "bid.*", cancellationToken: cancel);
    }

    /// <summary>Empties the queue.</summary>
    /// <returns>A row for each <c>message_id</c>: how often the broker accepted it, and its bid.</returns>
    public static async Task<IReadOnlyList<(string Id, int Times, string Bid)>> ReadAsync(Uri broker) =>
        [.. (await PlainClient.DrainAsync(broker, Queue))
            .GroupBy(m => m.BasicProperties.MessageId!)
            .Select(g => (g.Key, g.Count(), BidJson.TryRead(g.First().Body.Span, out var bid, out _) ? bid.ToString() : "not a bid"))];
}
