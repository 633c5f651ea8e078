using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Demo;

/// <summary>The queues before the play, and the play itself.</summary>
internal static class DemoRun
{
    /// <summary>How long the consumer may be silent while bids are left, before that counts as its end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How many messages wait in the queues already: consumer v4 will read them too.</summary>
    /// <exception cref="ProgramException">Another consumer is there, and would take some of the bids.</exception>
    public static async Task<long> WaitingAsync(Uri broker, ProgramRun run, CancellationToken stop)
    {
        var waiting = 0L;
        var settings = run.Settings.Broker with { Uris = [broker] };
        await new Broker(settings, "demo", run.Log, run.Time).RunAsync(async (connection, lost) =>
        {
            waiting = 0;
            var channel = await connection.CreateChannelAsync(cancellationToken: lost);
            await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, settings, lost);
            foreach (var queue in AuctionTopology.QueuesFor(run.Settings.Items))
            {
                var found = await channel.QueueDeclarePassiveAsync(queue, lost);
                waiting += found.MessageCount;
                if (found.ConsumerCount > 0)
                {
                    throw new ProgramException(
                        $"Another consumer reads {queue} and would take some of the demo's bids. Stop it first, or set AUCTION_BROKER to another broker.");
                }
            }
        }, stop);
        return waiting;
    }

    /// <summary>Runs the play: until the source has sent everything or is stopped, then until the consumer has read it all.</summary>
    /// <exception cref="ProgramException">The broker or the consumer ended before its time.</exception>
    public static async Task RunAsync(ChildProgram source, ChildProgram consumer, long waitedBefore, RunningBroker broker, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using var onStop = stop.Register(stopped.SetResult);
        var first = await Task.WhenAny(source.Ended, consumer.Ended, broker.Ended, stopped.Task);
        if (first == broker.Ended || first == consumer.Ended)
        {
            throw new ProgramException($"{(first == broker.Ended ? "The broker" : "Consumer.V4")} ended before its time; the lines above say why.");
        }

        if (first == stopped.Task)
        {
            source.Interrupt();
        }

        await source.Ended;
        await consumer.WhenReceivedAsync(waitedBefore + source.Count("confirmed"), Patience);
        consumer.Interrupt();
        await consumer.Ended;
    }
}
