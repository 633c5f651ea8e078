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
    public void Unbounded_names_take_bounded_memory_and_the_most_recently_used_are_kept()
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
