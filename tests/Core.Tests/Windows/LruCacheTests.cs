using AuctionTracker.Core.Windows;
using Xunit;

namespace AuctionTracker.Core.Tests.Windows;

public sealed class LruCacheTests
{
    [Fact]
    public void A_name_keeps_its_value()
    {
        var lists = new LruCache<List<int>>(2, _ => []);
        lists["a"].Add(1);

        Assert.Equal([1], lists["a"]);
        Assert.Empty(lists["b"]);
    }

    [Fact]
    public void Names_without_end_take_bounded_room_and_those_asked_for_last_are_kept()
    {
        var names = new LruCache<object>(3, _ => new object());
        var (first, kept) = (names["first"], names["kept"]);
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull(names[$"{i}"]);
            Assert.InRange(names.Count, 1, 6);
            Assert.Same(kept, names["kept"]);
        }

        Assert.NotSame(first, names["first"]);
    }
}
