using AuctionTracker.Core.Windows;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Windows;

public sealed class ItemWindowsTests
{
    [Fact]
    public void Each_item_has_a_window_of_its_own()
    {
        var windows = new ItemWindows(capacity: 5);
        windows.Add(Some.Bid(item: "art", amount: 10m));
        windows.Add(Some.Bid(item: "furniture", amount: 20m));

        var window = windows.Add(Some.Bid(item: "art", amount: 30m));

        Assert.Equal([10m, 30m], window.Select(b => b.Amount));
        Assert.Equal(Some.Bid(item: "art", amount: 30m), window.Latest);
    }

    [Fact]
    public void Spellings_that_share_a_queue_share_a_window()
    {
        var windows = new ItemWindows(capacity: 5);

        var first = windows.Add(Some.Bid(item: "Palm Pilot M515 PDA"));

        Assert.Same(first, windows.Add(Some.Bid(item: "palm_pilot_m515_pda")));
        Assert.Same(first, windows.Add(Some.Bid(item: "PALM-PILOT M515-PDA")));
        Assert.Equal(3, first.Count);
    }

    [Fact]
    public void Every_window_has_the_capacity_given()
    {
        var windows = new ItemWindows(capacity: 2);
        windows.Add(Some.Bid(amount: 1m));
        windows.Add(Some.Bid(amount: 2m));

        Assert.Equal([2m, 3m], windows.Add(Some.Bid(amount: 3m)).Select(b => b.Amount));
    }
}
