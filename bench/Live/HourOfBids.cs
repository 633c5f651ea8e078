using System.Diagnostics;
using System.Runtime.CompilerServices;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Live;

namespace AuctionTracker.Bench.Live;

/// <summary>The figures alone: memory after each sixth of the time, nanoseconds a bid, and the time of a snapshot.</summary>
internal static class HourOfBids
{
    private const int BidsOfSample = 200_000;

    public static void Measure(ProgramRun run, int rate, int minutes, CancellationToken stop)
    {
        var bids = new ManyBids();
        var now = run.Time.GetUtcNow();
        var before = UsedMemory();
        var figures = new LiveFigures(new LiveOptions(800));
        var snapshots = new List<double>();
        var inFigures = 0L;
        var total = (long)rate * 60 * minutes;
        for (var added = 0L; added < total && !stop.IsCancellationRequested;)
        {
            inFigures += AddSample(figures, bids, now, rate);
            added += BidsOfSample;
            now = now.AddSeconds((double)BidsOfSample / rate);
            var start = Stopwatch.GetTimestamp();
            figures.SnapshotAt(now, rows: 100, charts: 6);
            snapshots.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (added * 6 / total > (added - BidsOfSample) * 6 / total)
            {
                run.Log.Information(
                    "{Bids:#,0} bids: {Memory:0} MB of figures, about {Bidders:#,0} bidders, {Auctions:#,0} auctions",
                    added, (UsedMemory() - before) / 1e6, figures.BidderCount, figures.AuctionCount);
            }
        }

        snapshots.Sort();
        run.Log.Information(
            "{Nanoseconds:0} ns a bid; a snapshot takes {Median:0.0} ms (median), {P99:0.0} ms (99th percentile)",
            inFigures * 1e9 / Stopwatch.Frequency / total, snapshots[snapshots.Count / 2], snapshots[snapshots.Count * 99 / 100]);
    }

    /// <summary>In a method of its own, so that nothing holds the bids afterwards.</summary>
    /// <returns>The time in the figures, without that of the generator.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long AddSample(LiveFigures figures, ManyBids bids, DateTimeOffset now, int rate)
    {
        var sample = Enumerable.Range(0, BidsOfSample).Select(i => bids.Next(now.AddSeconds((double)i / rate))).ToList();
        var start = Stopwatch.GetTimestamp();
        foreach (var (bid, id) in sample)
        {
            figures.Add(bid, id, bid.Timestamp);
        }

        return Stopwatch.GetTimestamp() - start;
    }

    private static long UsedMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
