using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Pump;

/// <summary>Where the sides run, one after the other.</summary>
/// <param name="broker">The broker of both.</param>
/// <param name="work">What there is to do.</param>
/// <param name="run">The settings and the clock.</param>
/// <param name="folder">Where the programs leave their samples.</param>
internal sealed class Stage(RunningBroker broker, Work work, AuctionRun run, string folder)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the second program may take after the first has ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs a side once, in a virtual host of its own, where it meets nothing of the run before: first the consumer and, when
    /// that waits for bids on all queues, the producer.
    /// </summary>
    /// <exception cref="ProgramException">A program failed, or the counts do not add up.</exception>
    public async Task<Outcome> PlayAsync(Side side, CancellationToken stop)
    {
        await using var host = await VirtualHost.CreateAsync(broker, stop);
        await using var connection = await new ConnectionFactory { Uri = host.Uri }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await AuctionTopology.DeclareItemQueuesAsync(channel, work.Items, run.Settings.Broker, stop);

        await using var consumer = new MeasuredProgram(side.Consumer, host.Uri, Path.Combine(folder, "consumer.samples"));
        var consumed = consumer.EndAsync();
        await await Task.WhenAny(consumed, WhenAllQueuesAreReadAsync(channel, stop));

        await using var producer = new MeasuredProgram(side.Producer, host.Uri, Path.Combine(folder, "producer.samples"));
        var produced = producer.EndAsync();
        await await Task.WhenAny(consumed, produced).WaitAsync(stop);
        await Task.WhenAll(consumed, produced).WaitAsync(Patience, run.Time, stop);

        producer.MustHaveCounted("sent", work.Total);
        producer.MustHaveCounted("confirmed", work.Total);
        consumer.MustHaveCounted("received", work.Total);
        consumer.MustHaveCounted("handled", work.Total);
        return new Outcome(Pace.OfProducer(producer.Samples, work), Pace.OfConsumer(consumer.Samples, work));
    }

    private async Task WhenAllQueuesAreReadAsync(IChannel channel, CancellationToken stop)
    {
        foreach (var queue in AuctionTopology.QueuesFor(work.Items))
        {
            while (await channel.ConsumerCountAsync(queue, stop) == 0)
            {
                await Task.Delay(Moment, run.Time, stop);
            }
        }
    }
}
