using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Records;

namespace AuctionTracker.Recorder;

/// <summary>Keeps the bids of a sink's queue in the sink, over a connection of its own.</summary>
internal static class SinkRecorder
{
    /// <summary>Records until <paramref name="stop"/>, until the count of the settings is reached, or until no message came for their idle time.</summary>
    public static async Task RunAsync(SinkWriter sink, ProgramRun run, CancellationToken stop)
    {
        var consumer = new BatchConsumer(AuctionTopology.RecordQueuePrefix + sink.Name, sink.Limits, sink.Log, run.Time);
        await run.BrokerOf(sink.Name, prefetch: 2 * sink.Limits.Size).RunAsync(async (connection, lost) =>
        {
            await using (var channel = await connection.CreateChannelAsync(cancellationToken: lost))
            {
                await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
                await AuctionTopology.DeclareRecordQueueAsync(channel, sink.Name, run.Settings.Broker, lost);
            }

            await consumer.ConsumeAsync(connection, WriteAsync, stop, lost);
        }, stop);

        Task WriteAsync(IReadOnlyList<Delivery> batch, CancellationToken cancel)
        {
            var now = run.Time.GetUtcNow();
            return sink.WriteAsync(
                [.. batch.Where(d => d.Bid is not null).Select(d => new RecordedBid(d.Id, d.Bid!, now))],
                [.. batch.Where(d => d.Bid is null).Select(d => ($"Message {d.Id}", d.InvalidReason!))],
                cancel);
        }
    }
}
