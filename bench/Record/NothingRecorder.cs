using System.CommandLine;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Bench.Record;

/// <summary>A recorder that keeps nothing: it reads the queues of sinks as the recorder does, and acks.</summary>
internal static class NothingRecorder
{
    public const string Command = "nothing";

    private static readonly BatchLimits Limits = new(500, TimeSpan.FromMilliseconds(200), null, null);

    public static Task<int> RunAsync(string[] args)
    {
        var names = new Argument<string[]>("NAME") { Description = "The sinks whose queues it reads.", Arity = ArgumentArity.OneOrMore };
        var definition = new ProgramDefinition([AllSettings.Count], _ => [], counts => counts.Received, "") { Arguments = [names] };
        return AuctionProgram.RunAsync("record_nothing", "Reads the queues of sinks, and keeps nothing.", definition, args, (run, stop) =>
            Task.WhenAll(run.Arguments.GetRequiredValue(names).Select(name => RecordAsync(name, run, stop))));
    }

    private static Task RecordAsync(string name, ProgramRun run, CancellationToken stop)
    {
        var limits = Limits with { Count = run.Settings.Consumer.Count };
        var consumer = new BatchConsumer(AuctionTopology.RecordQueuePrefix + name, limits, run.LogOf(name), run.Time);
        return run.BrokerOf(name, prefetch: 2 * limits.Size).RunAsync(
            (connection, lost) => consumer.ConsumeAsync(connection, (_, _) => Task.CompletedTask, stop, lost), stop);
    }
}
