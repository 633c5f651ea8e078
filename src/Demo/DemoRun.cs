using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

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
        await WithBrokerAsync(broker, run, async (connection, lost) =>
        {
            waiting = 0;
            var channel = await connection.CreateChannelAsync(cancellationToken: lost);
            await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
            foreach (var queue in AuctionTopology.QueuesFor(run.Settings.Items))
            {
                var found = await channel.QueueDeclarePassiveAsync(queue, lost);
                waiting += found.MessageCount;
                RequireNoConsumer(queue, found);
            }
        }, stop);
        return waiting;
    }

    /// <summary>Waits for the end of programs.</summary>
    /// <exception cref="ProgramException">One failed, or was killed.</exception>
    public static async Task RequireSuccessAsync(IReadOnlyList<ChildProgram> programs)
    {
        await Task.WhenAll(programs.Select(program => program.Ended));
        var failures = programs.Where(program => program.Ended.Result != 0)
            .Select(program => $"{program.Name} {(program.Ended.Result > 128 ? $"was killed (signal {program.Ended.Result - 128})" : $"ended with exit code {program.Ended.Result}; its lines above say why")}.");
        if (failures.ToList() is { Count: > 0 } texts)
        {
            throw new ProgramException(string.Join(' ', texts));
        }
    }

    /// <summary>Checks that nobody else reads a queue.</summary>
    /// <exception cref="ProgramException">Another consumer reads it.</exception>
    public static void RequireNoConsumer(string queue, QueueDeclareOk? found)
    {
        if (found?.ConsumerCount > 0)
        {
            throw new ProgramException(
                $"Another consumer reads {queue} and would take some of the demo's bids. Stop it first, or set AUCTION_BROKER to another broker.");
        }
    }

    /// <summary>Uses a connection to the broker for a moment.</summary>
    public static Task WithBrokerAsync(Uri broker, ProgramRun run, Func<IConnection, CancellationToken, Task> use, CancellationToken stop) =>
        new Broker(run.Settings.Broker with { Uris = [broker] }, "demo", run.Log, run.Time).RunAsync((connection, lost) => use(connection, lost), stop);

    /// <summary>Waits until the source has sent everything or is stopped, then until the consumer has read it all, then for the sales.</summary>
    /// <exception cref="ProgramException">The broker or a program that reads ended too early.</exception>
    public static async Task RunAsync(
        ChildProgram source, ChildProgram consumer, SalesPrograms? sales, long waitedBefore, RunningBroker broker, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using var onStop = stop.Register(stopped.SetResult);
        ChildProgram[] readers = [consumer, .. sales?.All ?? []];
        var first = await Task.WhenAny([source.Ended, broker.Ended, stopped.Task, .. readers.Select(reader => reader.Ended)]);
        if (!stop.IsCancellationRequested && first != source.Ended)
        {
            await RequireSuccessAsync([.. readers.Where(reader => reader.Ended == first)]);
            throw new ProgramException($"{Array.Find(readers, reader => reader.Ended == first)?.Name ?? "The broker"} ended too early; the lines above say why.");
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
        await (sales?.FinishAsync(broker.Ended) ?? Task.CompletedTask);
    }
}
