using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Replay;

/// <summary>
/// The bids of a file in the order they are sent. All are read before the first is sent, which finds their items and sorts them. Only
/// where that is not needed (<c>--sort off</c> with <c>--items</c>), each is sent as it is read.
/// </summary>
internal sealed class BidSource : IDisposable
{
    private readonly BidSorter? _sorter;

    private BidSource(IAsyncEnumerable<ReplayBid> bids, ItemQueues queues, BidSorter? sorter) =>
        (Bids, Queues, _sorter) = (bids, queues, sorter);

    /// <summary>The bids. Enumerate them once.</summary>
    public IAsyncEnumerable<ReplayBid> Bids { get; }

    /// <summary>The queues of their items.</summary>
    public ItemQueues Queues { get; }

    /// <summary>The number of bids, or <see langword="null"/> where it is not known yet.</summary>
    public long? Count => _sorter?.Count;

    public static async Task<BidSource> OpenAsync(BidFile file, bool sorts, ProgramRun run, CancellationToken stop)
    {
        var queues = new ItemQueues(run);
        if (queues.AreGiven && !sorts)
        {
            return new BidSource(file.ReadAsync(stop), queues, sorter: null);
        }

        var sorter = new BidSorter(isByTime: sorts);
        try
        {
            await foreach (var bid in file.ReadAsync(stop))
            {
                queues.Add(bid.Bid.Item);
                await sorter.AddAsync(bid, stop);
            }
        }
        catch
        {
            sorter.Dispose();
            throw;
        }

        run.Log.Information("{File}: {Count} bids on {Items} items, {Bad} bad rows.",
            file.Name, sorter.Count, queues.CountInFile, run.Counts.BadRows.Value);
        return new BidSource(sorter.ReadAsync(stop), queues, sorter);
    }

    public void Dispose() => _sorter?.Dispose();
}
