using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace AuctionTracker.Bench.Peers.BareClient;

/// <summary>The client library alone: a channel a queue, acks for half a prefetch at once. It does not read the bodies.</summary>
internal static class BareConsumer
{
    public const string Name = "bare-consumer";

    private const ulong AckEvery = PeerProgram.Prefetch / 2;

    public static async Task RunAsync(Uri broker, int bids)
    {
        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        var (received, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        List<(IChannel Channel, Func<ulong> LastTag)> channels = [];
        foreach (var item in PeerProgram.Items)
        {
            var channel = await connection.CreateChannelAsync();
            await channel.BasicQosAsync(prefetchSize: 0, PeerProgram.Prefetch, global: false);
            var lastTag = 0UL;
            channels.Add((channel, () => Volatile.Read(ref lastTag)));
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += async (_, e) =>
            {
                Volatile.Write(ref lastTag, e.DeliveryTag);
                if (e.DeliveryTag % AckEvery == 0)
                {
                    await channel.BasicAckAsync(e.DeliveryTag, multiple: true);
                }

                if (Interlocked.Increment(ref received) == bids)
                {
                    all.SetResult();
                }
            };
            await channel.BasicConsumeAsync(AuctionTopology.QueueFor(item), autoAck: false, consumer);
        }

        await all.Task;
        foreach (var (channel, lastTag) in channels.Where(c => c.LastTag() % AckEvery != 0))
        {
            await channel.BasicAckAsync(lastTag(), multiple: true);
        }

        Console.WriteLine($"Counts: handled {received}");
    }
}
