using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>Watches queues.</summary>
internal static class Queues
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the items' queues hold nothing that was not handed out; what was is the prefetch at the most.</summary>
    /// <param name="scene">Says where they are.</param>
    /// <param name="items">The items.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>When the first message had been taken, and when the last.</returns>
    public static async Task<(long First, long Last)> DrainedAsync(AlertBench scene, string items, CancellationToken stop)
    {
        await using var connection = await Rabbit.ConnectAsync(scene.Broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        var queues = AuctionTopology.QueuesFor(items.Split(','));
        using var timer = new PeriodicTimer(Poll, scene.Time);
        var (all, first) = (0L, 0L);
        while (true)
        {
            var left = 0L;
            foreach (var queue in queues)
            {
                left += await channel.MessageCountAsync(queue, stop);
            }

            all = all == 0 ? left : all;
            first = left < all && first == 0 ? scene.Time.GetTimestamp() : first;
            if (left == 0)
            {
                return (first, scene.Time.GetTimestamp());
            }

            await timer.WaitForNextTickAsync(stop);
        }
    }
}
