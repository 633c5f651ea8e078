using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Record;

/// <summary>What the queues of sinks cost the producer: its pace with none, one and four of them. Nobody reads any queue.</summary>
internal static class ProducerPace
{
    public static async Task MeasureAsync(RunningBroker broker, int bids, int rounds, ProgramRun run, CancellationToken stop)
    {
        double? without = null;
        foreach (var queues in (int[])[0, 1, 4])
        {
            List<double> seconds = [];
            for (var round = 0; round < rounds; round++)
            {
                await using var queue = await RecordRun.StartAsync(broker, Enumerable.Range(1, queues).Select(number => $"sink{number}"), run, stop);
                seconds.Add(await queue.ProduceAsync(bids, stop));
            }

            var pace = bids / SinkPace.Median(seconds);
            without ??= pace;
            run.Log.Information(
                "producer with {Queues} record queues: {Pace:#,0} bids/s; {Ratio:0.00} of that without (median of {Rounds})", queues, pace, pace / without, rounds);
        }
    }
}
