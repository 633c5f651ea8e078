using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// The baseline for consumers: the client library with one channel per queue and acks in batches. It does not parse bodies and
/// keeps nothing.
/// </summary>
internal static class BaselineConsumer
{
    public const string Argument = "baseline-consumer";

    public static async Task RunAsync(Uri broker, Workload workload)
    {
        var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync();
        var batch = (ulong)Math.Clamp(workload.Prefetch / 4, 1, 100); // the batch size of the suite
        var (received, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var channels = new List<(IChannel Channel, Func<ulong> LastTag)>();
        foreach (var queue in AuctionTopology.QueuesFor(workload.Items))
        {
            var channel = await connection.CreateChannelAsync();
            await channel.BasicQosAsync(prefetchSize: 0, (ushort)workload.Prefetch, global: false);
            var lastTag = 0UL;
            channels.Add((channel, () => Volatile.Read(ref lastTag)));
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += async (_, e) =>
            {
                Volatile.Write(ref lastTag, e.DeliveryTag);
                if (e.DeliveryTag % batch == 0)
                {
                    await channel.BasicAckAsync(e.DeliveryTag, multiple: true);
                }

                if (Interlocked.Increment(ref received) == workload.Total)
                {
                    all.SetResult();
                }
            };
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        }

        await all.Task;
        foreach (var (channel, lastTag) in channels.Where(c => c.LastTag() % batch != 0))
        {
            await channel.BasicAckAsync(lastTag(), multiple: true);
        }

        Console.WriteLine($"Counts: received {received}, handled {received}");
    }
}
