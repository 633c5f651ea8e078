using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Pump;

/// <summary>A side at work: its two programs, in a virtual host of their own, where they meet nobody else's bids.</summary>
internal sealed class Runner : IAsyncDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a consumer may take for what is left when its producer has ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Work _work;
    private readonly VirtualHost _host;
    private readonly MeasuredProgram _consumer;
    private readonly MeasuredProgram _producer;
    private readonly Turns _turns = new();

    private Runner(Work work, VirtualHost host, MeasuredProgram consumer, MeasuredProgram producer, TimeProvider time)
    {
        (_work, _host, _consumer, _producer) = (work, host, consumer, producer);
        Ended = EndAsync(time);
    }

    /// <summary>Completes when both programs have ended well; faults when one has failed.</summary>
    public Task Ended { get; }

    /// <summary>Starts the consumer and, when that waits for bids on all queues, the producer, whose turn it is not yet.</summary>
    public static async Task<Runner> StartAsync(
        Side side, Work work, RunningBroker broker, ProgramRun run, string folder, CancellationToken stop)
    {
        var host = await VirtualHost.CreateAsync(broker, stop);
        await using var connection = await new ConnectionFactory { Uri = host.Uri }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await AuctionTopology.DeclareItemQueuesAsync(channel, work.Items, run.Settings.Broker, stop);

        var consumer = new MeasuredProgram(side.Consumer, host.Uri, Path.Combine(folder, $"{side.Name}.consumer"));
        foreach (var queue in AuctionTopology.QueuesFor(work.Items))
        {
            while (await channel.ConsumerCountAsync(queue, stop) == 0 && !consumer.Ended.IsCompleted)
            {
                await Task.Delay(Moment, run.Time, stop);
            }
        }

        var producer = new MeasuredProgram(side.Producer, host.Uri, Path.Combine(folder, $"{side.Name}.producer"));
        await producer.PauseAsync();
        return new Runner(work, host, consumer, producer, run.Time);
    }

    /// <summary>Lets the producer go on for a while, or until both programs have ended.</summary>
    public async Task TakeTurnAsync(TimeSpan length, TimeProvider time, CancellationToken stop)
    {
        var from = SampleTaker.Now;
        await _producer.ResumeAsync();
        await Task.WhenAny(Ended, Task.Delay(length, time, stop));
        stop.ThrowIfCancellationRequested();
        await _producer.PauseAsync();
        _turns.Add(from, SampleTaker.Now);
    }

    /// <summary>How it went, once both programs have ended.</summary>
    /// <exception cref="ProgramException">A program failed, or the counts do not add up.</exception>
    public async Task<Outcome> OutcomeAsync()
    {
        await Ended;
        _producer.MustHaveCounted("sent", _work.Total);
        _producer.MustHaveCounted("confirmed", _work.Total);
        _consumer.MustHaveCounted("received", _work.Total);
        _consumer.MustHaveCounted("handled", _work.Total);
        return new Outcome(Pace.OfProducer(_producer.Samples, _work, _turns), Pace.OfConsumer(_consumer.Samples, _work, _turns));
    }

    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        await _consumer.DisposeAsync();
        await _host.DisposeAsync();
    }

    private async Task EndAsync(TimeProvider time)
    {
        await await Task.WhenAny(_producer.Ended, _consumer.Ended);
        await _producer.Ended;
        try
        {
            await _consumer.Ended.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            throw new ProgramException($"The counts do not add up: all bids are confirmed, and a consumer still waits for some of its {_work.Total}.");
        }
    }
}
