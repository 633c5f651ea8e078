using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Files;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>Reads the bids of a growing file, without a broker. Its first lines are taken in at once.</summary>
/// <param name="run">Log and clock.</param>
/// <param name="feed">Gets the bids.</param>
/// <param name="path">The file.</param>
internal sealed class FileFeed(ProgramRun run, LiveFeed feed, string path)
{
    /// <summary>Reads until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        feed.Connected();
        try
        {
            await foreach (var line in new GrowingFile(path, run.Time).ReadAsync(from: 0, stop))
            {
                if (BidLine.TryRead(line.Bytes.Span, out var read, out var reason))
                {
                    feed.Add([LiveBid.Of(read.MessageId, read.Bid, read.ReceivedAt ?? run.Time.GetUtcNow())]);
                }
                else
                {
                    run.Log.Warning("The line before byte {End} of {File} cannot be read as a bid: {Reason}", line.End, path, reason);
                    feed.AddUnreadable(1);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}
