using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// The client library used well and no further: every publish is confirmed, the library's own tracking is off, and the window
/// is counted from the broker's acks. The bids are made before the first is sent. It recovers from nothing.
/// </summary>
internal static class BareProducer
{
    public const string Argument = "bare-producer";

    public static async Task RunAsync(Uri broker, Work work)
    {
        var generator = new BidGenerator(work.Items, work.Seed, badRate: 0, TimeProvider.System);
        BidMessage[] bids = [.. Enumerable.Range(0, work.Total).Select(_ => generator.Next())];
        var routingKeys = work.Items.ToDictionary(item => item, AuctionTopology.RoutingKeyFor);

        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, false));

        // Each queue confirms at its own pace, so acks come out of turn: a tag that was acked alone may be covered once more
        // by a later "multiple".
        using var window = new SemaphoreSlim(work.Window);
        var acked = new bool[work.Total + 1];
        var (oldest, confirmed) = (1UL, 0);
        channel.BasicAcksAsync += (_, e) =>
        {
            var before = confirmed;
            if (!e.Multiple)
            {
                Settle(e.DeliveryTag);
            }

            for (; e.Multiple && oldest <= e.DeliveryTag; oldest++)
            {
                Settle(oldest);
            }

            if (confirmed > before)
            {
                window.Release(confirmed - before);
            }

            return Task.CompletedTask;
        };

        foreach (var bid in bids)
        {
            await window.WaitAsync();
            var properties = new BasicProperties
            {
                DeliveryMode = DeliveryModes.Persistent,
                ContentType = "application/json",
                ContentEncoding = "utf-8",
                Timestamp = new AmqpTimestamp(bid.Bid!.Timestamp.ToUnixTimeSeconds()),
                AppId = "producer_v3.0",
                MessageId = bid.Id.ToString(),
            };
            await channel.BasicPublishAsync(AuctionTopology.BidsExchange, routingKeys[bid.Item], mandatory: true, properties, bid.Body);
        }

        for (var free = 0; free < work.Window; free++)
        {
            await window.WaitAsync();
        }

        Console.WriteLine($"Counts: sent {bids.Length}, confirmed {confirmed}");

        void Settle(ulong tag)
        {
            confirmed += acked[tag] ? 0 : 1;
            acked[tag] = true;
        }
    }
}
