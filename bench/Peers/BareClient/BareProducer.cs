using System.Text;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Peers.BareClient;

/// <summary>
/// The client library alone: confirms, with a window of unconfirmed publishes of its own, for the library's tracking costs half of the
/// pace. It sends the same bytes again and again. Nothing recovers from errors.
/// </summary>
internal static class BareProducer
{
    public const string Name = "bare-producer";

    public static async Task RunAsync(Uri broker, int bids)
    {
        var body = Encoding.UTF8.GetBytes(
            """{"bidder_id": 123, "bid_amount": 512.34, "timestamp": "2024-06-12T03:56:06.410536+00:00", "item": "art", "bidder_name": "Ann Example", "bidder_email": "ann.example@example.com"}""");
        string[] routingKeys = [.. PeerProgram.Items.Select(AuctionTopology.RoutingKeyFor)];
        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));

        // Each queue confirms at its own speed, so confirms arrive out of order. A later confirm with "multiple" may include a
        // delivery tag that was confirmed alone before.
        using var window = new SemaphoreSlim(PeerProgram.Window);
        var isConfirmed = new bool[bids + 1];
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

        for (var bid = 0; bid < bids; bid++)
        {
            await window.WaitAsync();
            var properties = new BasicProperties { DeliveryMode = DeliveryModes.Persistent, ContentType = "application/json" };
            await channel.BasicPublishAsync(AuctionTopology.BidsExchange, routingKeys[bid % routingKeys.Length], mandatory: true, properties, body);
        }

        for (var slot = 0; slot < PeerProgram.Window; slot++)
        {
            await window.WaitAsync();
        }

        Console.WriteLine($"Counts: confirmed {confirmed}");

        void Confirm(ulong tag)
        {
            confirmed += isConfirmed[tag] ? 0 : 1;
            isConfirmed[tag] = true;
        }
    }
}
