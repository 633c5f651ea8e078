using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Windows;

/// <summary>A rolling window of bids for each item. Not thread-safe.</summary>
/// <param name="capacity">How many bids each window holds; at least 1.</param>
public sealed class ItemWindows(int capacity)
{
    private readonly Dictionary<string, RollingWindow<Bid>> _windows = [];

    /// <summary>Adds a bid to its item's window. Spellings of an item that share a queue share a window.</summary>
    /// <param name="bid">The bid.</param>
    /// <returns>The item's window, with the bid as its latest.</returns>
    public RollingWindow<Bid> Add(Bid bid)
    {
        var item = AuctionTopology.NameOf(bid.Item);
        if (!_windows.TryGetValue(item, out var window))
        {
            _windows.Add(item, window = new RollingWindow<Bid>(capacity, b => b.Amount));
        }

        window.Add(bid);
        return window;
    }
}
