using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Windows;

/// <summary>A rolling window of bids for each item. Keeps the 10,000 to 20,000 most recent items. Not thread-safe.</summary>
/// <param name="capacity">The most bids a window holds; at least 1.</param>
public sealed class ItemWindows(int capacity)
{
    private readonly LruCache<RollingWindow<Bid>> _windows = new(10_000, _ => new RollingWindow<Bid>(capacity, b => b.Amount));

    /// <summary>Adds a bid to its item's window. Items that share a queue name share a window.</summary>
    /// <param name="bid">The bid.</param>
    /// <returns>The item's window, with the bid as its latest.</returns>
    public RollingWindow<Bid> Add(Bid bid)
    {
        var window = _windows[AuctionTopology.NameOf(bid.Item)];
        window.Add(bid);
        return window;
    }
}
