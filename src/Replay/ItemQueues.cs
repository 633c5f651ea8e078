using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using RabbitMQ.Client;

namespace AuctionTracker.Replay;

/// <summary>The queues of a file's items.</summary>
internal static class ItemQueues
{
    /// <summary>A file whose item column holds titles must not fill the broker with queues.</summary>
    private const int Most = 50;

    /// <summary>
    /// The items that get a queue: those of <c>--items</c>, else the file's own, unless there are too many. The bids on all
    /// others go to the default queue.
    /// </summary>
    public static IReadOnlyList<string> For(IReadOnlyList<BidMessage> bids, ProgramRun run)
    {
        if (run.Arguments.GetResult(AllSettings.Items.Flag!) is not null)
        {
            return run.Settings.Items;
        }

        var items = bids.Select(b => b.Item).DistinctBy(AuctionTopology.NameOf).ToList();
        return items.Count <= Most ? items : [];
    }

    /// <summary>Says how to read what nobody reads: the consumers' default items are others than a file's.</summary>
    public static async Task SayUnreadAsync(IReadOnlyList<string> items, ProgramRun run, IChannel channel, CancellationToken lost)
    {
        foreach (var item in items)
        {
            if (await channel.ConsumerCountAsync(AuctionTopology.QueueFor(item), lost) == 0)
            {
                run.Log.Information("Nobody reads {Queue} yet: dotnet run --project src/Consumer.V4 -- --items \"{Items}\"",
                    AuctionTopology.QueueFor(item), string.Join(',', items));
                return;
            }
        }
    }
}
