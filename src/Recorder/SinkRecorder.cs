using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;
using Serilog;

namespace AuctionTracker.Recorder;

/// <summary>Keeps the bids of one sink's queue in the sink, and counts them.</summary>
internal sealed class SinkRecorder
{
    private readonly IBidSink _sink;
    private readonly ProgramRun _run;
    private readonly ILogger _log;
    private readonly Broker _broker;
    private readonly BatchLimits _limits;
    private long _recorded;
    private long _alreadyThere;
    private long _unreadable;

    public SinkRecorder(SinkAddress address, IBidSink sink, ProgramRun run)
    {
        (Name, _sink, _run) = (address.Name, sink, run);
        _log = run.LogOf(address.Name);
        _limits = LimitsOf(address.Kind) with { Count = run.Settings.Consumer.Count, IdleExit = run.Settings.Consumer.IdleExit };
        _broker = run.BrokerOf(address.Name, prefetch: 2 * _limits.Size);
    }

    /// <summary>The sink's name, which its queue has, too.</summary>
    public string Name { get; }

    /// <summary>Records until <paramref name="stop"/>, until the count of the settings is reached, or until no message came for their idle time.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var consumer = new BatchConsumer(AuctionTopology.RecordQueuePrefix + Name, _limits, _log, _run.Time);
        await _broker.RunAsync(async (connection, lost) =>
        {
            await using (var channel = await connection.CreateChannelAsync(cancellationToken: lost))
            {
                await AuctionTopology.DeclareItemQueuesAsync(channel, _run.Settings.Items, _run.Settings.Broker, lost);
                await AuctionTopology.DeclareRecordQueueAsync(channel, Name, _run.Settings.Broker, lost);
            }

            await consumer.ConsumeAsync(connection, WriteAsync, stop, lost);
        }, stop);
    }

    /// <summary>Logs the counts: received = recorded + already there + unreadable. A batch counts when it is on the disk.</summary>
    public void LogCounts() => _log.Information(
        "Counts: received {Received}, recorded {Recorded}, already there {AlreadyThere}, unreadable {Unreadable}",
        _recorded + _alreadyThere + _unreadable, _recorded, _alreadyThere, _unreadable);

    /// <summary>Opening a DuckDB file is what costs, so its batches are larger.</summary>
    private static BatchLimits LimitsOf(SinkKind kind) => kind == SinkKind.DuckDB
        ? new BatchLimits(20_000, TimeSpan.FromSeconds(1), null, null)
        : new BatchLimits(500, TimeSpan.FromMilliseconds(200), null, null);

    private async Task WriteAsync(IReadOnlyList<Delivery> batch, CancellationToken cancel)
    {
        var now = _run.Time.GetUtcNow();
        var bids = batch.Where(d => d.Bid is not null).Select(d => new RecordedBid(d.Id, d.Bid!, now)).ToList();
        var added = bids.Count == 0 ? 0 : await _sink.WriteAsync(bids, cancel);
        foreach (var unreadable in batch.Where(d => d.Bid is null))
        {
            _log.Warning("Message {Id} is no bid: {Reason}", unreadable.Id, unreadable.InvalidReason);
        }

        _recorded += added;
        _alreadyThere += bids.Count - added;
        _unreadable += batch.Count - bids.Count;
        _run.Counts.Received.Add(batch.Count);
        _run.BidLog.Information("{Name}: Recorded {Count} bids in {Sink}.", Name, added, _sink.Description);
    }
}
