using AuctionTracker.Core.Messaging;
using MassTransit;

namespace AuctionTracker.Bench.Peers.MassTransitClient;

/// <summary>MassTransit with an endpoint a queue and its usual acks, one a message.</summary>
internal static class MassTransitConsumer
{
    public const string Name = "masstransit-consumer";

    public static async Task RunAsync(Uri broker, int bids)
    {
        var (handled, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var bus = Bus.Factory.CreateUsingRabbitMq(configure =>
        {
            configure.Host(broker);
            foreach (var item in PeerProgram.Items)
            {
                configure.ReceiveEndpoint(AuctionTopology.QueueFor(item), endpoint =>
                {
                    endpoint.PrefetchCount = PeerProgram.Prefetch;
                    endpoint.ConfigureConsumeTopology = false;
                    endpoint.Handler<BidPlaced>(_ =>
                    {
                        if (Interlocked.Increment(ref handled) == bids)
                        {
                            all.SetResult();
                        }

                        return Task.CompletedTask;
                    });
                });
            }
        });
        await bus.StartAsync();
        await all.Task;
        await bus.StopAsync();
        Console.WriteLine($"Counts: handled {handled}");
    }
}
