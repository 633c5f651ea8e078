using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Windows;

/// <summary>A rolling window of bids for each item, of the 10,000 items or more that had bids last. Not thread-safe.</summary>
/// <param name="capacity">How many bids each window holds; at least 1.</param>
public sealed class ItemWindows(int capacity)
{
    private readonly LruCache<RollingWindow<Bid>> _windows = new(10_000, _ => new RollingWindow<Bid>(capacity, b => b.Amount));

    /// <summary>Adds a bid to its item's window. Spellings of an item that share a queue share a window.</summary>
    /// <param name="bid">The bid.</param>
    /// <returns>The item's window, with the bid as its latest.</returns>
    public RollingWindow<Bid> Add(Bid bid)
    {
        var window = _windows[AuctionTopology.NameOf(bid.Item)];
        window.Add(bid);
        return window;
    }
}
