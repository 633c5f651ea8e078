using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Pump;

/// <summary>One run of a contender: its producer and its consumer, in a virtual host of their own.</summary>
internal sealed class ContenderRun : IAsyncDisposable
{
    private static readonly TimeSpan ConsumerPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Maximum time from the end of the producer to the end of the consumer.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(60);

    private readonly Workload _workload;
    private readonly VirtualHost _host;
    private readonly MeasuredProgram _consumer;
    private readonly MeasuredProgram _producer;
    private readonly List<(double From, double To)> _slices = [];

    private ContenderRun(Workload workload, VirtualHost host, MeasuredProgram consumer, MeasuredProgram producer, TimeProvider time)
    {
        (_workload, _host, _consumer, _producer) = (workload, host, consumer, producer);
        Ended = EndAsync(time);
    }

    /// <summary>Completes when both programs have ended with exit code 0. Faults when one has failed.</summary>
    public Task Ended { get; }

    /// <summary>Starts the consumer, waits until it consumes from each queue, then starts the producer and pauses it.</summary>
    public static async Task<ContenderRun> StartAsync(
        Contender contender, Workload workload, RunningBroker broker, ProgramRun run, string folder, CancellationToken stop)
    {
        var host = await VirtualHost.CreateAsync(broker, stop);
        await using var connection = await new ConnectionFactory { Uri = host.Uri }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await AuctionTopology.DeclareItemQueuesAsync(channel, workload.Items, run.Settings.Broker, stop);

        var consumer = new MeasuredProgram(contender.Consumer, host.Uri, Path.Combine(folder, $"{contender.Name}.consumer"));
        foreach (var queue in AuctionTopology.QueuesFor(workload.Items))
        {
            while (await channel.ConsumerCountAsync(queue, stop) == 0 && !consumer.Ended.IsCompleted)
            {
                await Task.Delay(ConsumerPoll, run.Time, stop);
            }
        }

        var producer = new MeasuredProgram(contender.Producer, host.Uri, Path.Combine(folder, $"{contender.Name}.producer"));
        await producer.PauseAsync();
        return new ContenderRun(workload, host, consumer, producer, run.Time);
    }

    /// <summary>Lets the producer run for a time slice. Returns early when both programs have ended.</summary>
    public async Task RunSliceAsync(TimeSpan length, TimeProvider time, CancellationToken stop)
    {
        var from = CounterSampler.Now;
        await _producer.ResumeAsync();
        await Task.WhenAny(Ended, Task.Delay(length, time, stop));
        stop.ThrowIfCancellationRequested();
        await _producer.PauseAsync();
        _slices.Add((from, CounterSampler.Now));
    }

    /// <summary>Waits until both programs have ended, checks their counts and evaluates their samples.</summary>
    /// <exception cref="ProgramException">A program failed, or its counts are not those of the workload.</exception>
    public async Task<RunResult> ResultAsync()
    {
        await Ended;
        _producer.RequireCount("sent", _workload.Total);
        _producer.RequireCount("confirmed", _workload.Total);
        _consumer.RequireCount("received", _workload.Total);
        _consumer.RequireCount("handled", _workload.Total);
        return new RunResult(
            ProgramResult.OfProducer(_producer.SampleFile, _workload, _slices),
            ProgramResult.OfConsumer(_consumer.SampleFile, _workload, _slices));
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
            await _consumer.Ended.WaitAsync(DrainTimeout, time);
        }
        catch (TimeoutException e)
        {
            throw new ProgramException(
                $"The consumer did not receive all {_workload.Total} confirmed bids within {DrainTimeout.TotalSeconds:0} s.", e);
        }
    }
}
