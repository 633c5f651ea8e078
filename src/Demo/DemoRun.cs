using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Demo;

/// <summary>A run of the demo: the queues before it, and the order in which the programs stop.</summary>
internal static class DemoRun
{
    /// <summary>How long the dashboard may print nothing before its page is up.</summary>
    public static readonly TimeSpan MaxStart = TimeSpan.FromSeconds(10);

    /// <summary>How long the consumer may print nothing while bids are left; then the run ends without them.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(30);

    /// <summary>How long the consumer may print nothing while alerts are left; a longer pause comes from the settings or the mail server.</summary>
    private static readonly TimeSpan MaxMailSilence = TimeSpan.FromSeconds(2);

    /// <summary>How many messages are in the queues already: consumer v4 reads them, too.</summary>
    /// <exception cref="ProgramException">Another consumer reads a queue, and would take some of the bids.</exception>
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

    /// <summary>Waits until the source has sent everything or is stopped, then until the consumer has read it all.</summary>
    /// <exception cref="ProgramException">The broker or the consumer ended too early.</exception>
    public static async Task RunAsync(ChildProgram source, ChildProgram consumer, long waitedBefore, RunningBroker broker, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using var onStop = stop.Register(stopped.SetResult);
        var first = await Task.WhenAny(source.Ended, consumer.Ended, broker.Ended, stopped.Task);
        if (!stop.IsCancellationRequested && (first == broker.Ended || first == consumer.Ended))
        {
            throw new ProgramException($"{(first == broker.Ended ? "The broker" : "Consumer.V4")} ended too early; the lines above say why.");
        }

        if (stop.IsCancellationRequested)
        {
            source.Stop();
        }

        await source.Ended;
        var target = waitedBefore + source.Count("confirmed");
        await consumer.WhenAsync(c => c.Received >= target, MaxSilence);
        await consumer.WhenAsync(c => c.UnsentAlerts <= 0, MaxMailSilence);
        consumer.Stop();
        await consumer.Ended;
    }
}
