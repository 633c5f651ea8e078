using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;
using Serilog;

namespace AuctionTracker.Recorder;

/// <summary>A sink with its log, its batches and its counts.</summary>
internal sealed class SinkWriter
{
    private readonly IBidSink _sink;
    private readonly ProgramRun _run;
    private long _recorded;
    private long _alreadyThere;
    private long _unreadable;

    public SinkWriter(SinkAddress address, IBidSink sink, ProgramRun run)
    {
        (Name, _sink, _run, Log) = (address.Name, sink, run, run.LogOf(address.Name));

        // Opening a DuckDB file is what costs, so its batches are larger.
        var (size, wait) = address.Kind == SinkKind.DuckDB ? (20_000, TimeSpan.FromSeconds(1)) : (500, TimeSpan.FromMilliseconds(200));
        Limits = new BatchLimits(size, wait, run.Settings.Consumer.Count, run.Settings.Consumer.IdleExit);
    }

    /// <summary>The sink's name, which its queue has, too.</summary>
    public string Name { get; }

    public ILogger Log { get; }

    public BatchLimits Limits { get; }

    /// <summary>Keeps the bids of a batch, and names what cannot be read as a bid. A batch counts when it is on the disk.</summary>
    /// <exception cref="IOException">The sink can't be written.</exception>
    public async Task WriteAsync(IReadOnlyList<RecordedBid> bids, IReadOnlyList<(string Name, string Reason)> unreadable, CancellationToken cancel)
    {
        var added = bids.Count == 0 ? 0 : await WriteAsync(bids, cancel);
        foreach (var (name, reason) in unreadable)
        {
            Log.Warning("{Name} cannot be read as a bid: {Reason}", name, reason);
        }

        _recorded += added;
        _alreadyThere += bids.Count - added;
        _unreadable += unreadable.Count;
        _run.Counts.Received.Add(bids.Count + unreadable.Count);
        if (added > 0 && !_run.Settings.Run.Quiet)
        {
            Log.Information("Recorded {Bids} in {Sink}.", added == 1 ? "a bid" : $"{added} bids", _sink.Description);
        }
    }

    /// <summary>Logs the counts: received = recorded + already there + unreadable.</summary>
    public void LogCounts() => Log.Information(
        "Counts: received {Received}, recorded {Recorded}, already there {AlreadyThere}, unreadable {Unreadable}",
        _recorded + _alreadyThere + _unreadable, _recorded, _alreadyThere, _unreadable);

    /// <summary>An unexpected error of one sink must not end the others; its bids wait.</summary>
    private async Task<int> WriteAsync(IReadOnlyList<RecordedBid> bids, CancellationToken cancel)
    {
        try
        {
            return await _sink.WriteAsync(bids, cancel);
        }
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            throw new IOException($"{_sink.Description} can't be written: {e.GetType().Name}: {e.Message}", e);
        }
    }
}
