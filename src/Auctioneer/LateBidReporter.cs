using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using Serilog;

namespace AuctionTracker.Auctioneer;

/// <summary>With <c>--quiet</c>, says how many bids came after closing, at most once a second, instead of a line for each.</summary>
/// <param name="late">The number of bids that came after closing.</param>
/// <param name="log">Gets the lines.</param>
/// <param name="time">The clock.</param>
internal sealed class LateBidReporter(Counts.Count late, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private (long Bids, long Time)? _last;

    /// <summary>Logs a line if bids came since the last one, and it is a second old.</summary>
    public void Report()
    {
        var (now, before) = (late.Value, _last?.Bids ?? 0);
        if (now > before && (_last is not { } last || time.GetElapsedTime(last.Time) >= Interval))
        {
            log.Warning("Came after closing: {Bids}.", Caption.Count(now - before, "bid"));
            _last = (now, time.GetTimestamp());
        }
    }
}
