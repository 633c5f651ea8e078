using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// The baseline for producers: the client library with publisher confirms and a window of unconfirmed publishes. The library's
/// own confirm tracking is off. All bids are generated before the first publish. Nothing recovers from errors.
/// </summary>
internal static class BaselineProducer
{
    public const string Argument = "baseline-producer";

    public static async Task RunAsync(Uri broker, Workload workload)
    {
        var generator = new BidGenerator(workload.Items, workload.Seed, badRate: 0, TimeProvider.System);
        BidMessage[] bids = [.. Enumerable.Range(0, workload.Total).Select(_ => generator.Next())];
        var routingKeys = workload.Items.ToDictionary(item => item, AuctionTopology.RoutingKeyFor);

        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));

        // Each queue confirms at its own speed, so confirms arrive out of order. A later confirm with "multiple" may include a
        // delivery tag that was confirmed alone before.
        using var window = new SemaphoreSlim(workload.Window);
        var isConfirmed = new bool[workload.Total + 1];
        var (oldest, confirmed) = (1UL, 0);
        channel.BasicAcksAsync += (_, e) =>
        {
            var before = confirmed;
            if (!e.Multiple)
            {
                Confirm(e.DeliveryTag);
            }

            for (; e.Multiple && oldest <= e.DeliveryTag; oldest++)
            {
                Confirm(oldest);
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

        for (var slot = 0; slot < workload.Window; slot++)
        {
            await window.WaitAsync();
        }

        Console.WriteLine($"Counts: sent {bids.Length}, confirmed {confirmed}");

        void Confirm(ulong tag)
        {
            confirmed += isConfirmed[tag] ? 0 : 1;
            isConfirmed[tag] = true;
        }
    }
}
