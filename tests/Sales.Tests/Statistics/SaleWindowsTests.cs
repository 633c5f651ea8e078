using AuctionTracker.Sales.Statistics;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Sales.Tests.Statistics;

public sealed class SaleWindowsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SaleWindows _windows = new();
    private int _added;

    [Fact]
    public void Count_total_mean_and_median_are_those_of_the_window_by_item()
    {
        Add("art", 10, after: 1);
        Add("art", 20.01m, after: 4);
        Add("toys", 100, after: 2);

        var figures = _windows.FiguresAt(Some.Time, Minute);

        Assert.Equal(new ItemSales("all", 3, 130.01m, 43.34m, TimeSpan.FromSeconds(2)), figures.All);
        Assert.Equal(
            [new ItemSales("toys", 1, 100, 100, TimeSpan.FromSeconds(2)), new ItemSales("art", 2, 30.01m, 15.00m, TimeSpan.FromSeconds(2.5))], figures.Items);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(59.999999, 1)]
    [InlineData(60, 0)]
    [InlineData(-0.000001, 0)]
    public void A_sale_is_in_a_window_after_its_beginning_up_to_its_end(double age, int count)
    {
        Add("art", 10, age: age);

        Assert.Equal(count, _windows.FiguresAt(Some.Time, Minute).All.Count);
    }

    [Fact]
    public void Sales_leave_when_their_time_has_come_though_none_follows()
    {
        Add("art", 10);

        Assert.Equal([1, 1, 1, 1], Counts(Some.Time));
        Assert.Equal([0, 1, 1, 1], Counts(Some.Time.AddMinutes(1)));
        Assert.Equal([0, 0, 1, 1], Counts(Some.Time.AddMinutes(15)));
        Assert.Equal([0, 0, 0, 1], Counts(Some.Time.AddHours(1)));
        Assert.Equal([0, 0, 0, 0], Counts(Some.Time.AddDays(1)));
        Assert.Equal(0, _windows.Count);

        IEnumerable<int> Counts(DateTimeOffset now) => SaleWindows.All.Select(window => _windows.FiguresAt(now, window.Length).All.Count);
    }

    [Fact]
    public void An_auction_counts_once_and_any_order_is_right()
    {
        var sales = Enumerable.Range(0, 100).Select(i => new SettledSale($"{i}", "art", i, Some.Time, Some.Time.AddSeconds(-i))).ToList();
        foreach (var sale in sales.Concat(sales).OrderBy(sale => sale.AuctionId, StringComparer.Ordinal))
        {
            _windows.Add(sale);
        }

        Assert.Equal((60, Enumerable.Range(0, 60).Sum()), (_windows.FiguresAt(Some.Time, Minute).All.Count, (int)_windows.FiguresAt(Some.Time, Minute).All.Total));
        Assert.Equal(100, _windows.Count);
    }

    [Fact]
    public void Beyond_its_capacity_the_latest_stay()
    {
        var windows = new SaleWindows(capacity: 3);
        for (var i = 0; i < 10; i++)
        {
            windows.Add(new SettledSale($"{i}", "art", i, Some.Time, Some.Time.AddSeconds(i)));
        }

        Assert.Equal((3, 7m + 8 + 9), (windows.Count, windows.FiguresAt(Some.Time.AddSeconds(10), Minute).All.Total));
    }

    private void Add(string item, decimal amount, double after = 1, double age = 0) =>
        _windows.Add(new SettledSale($"{_added++}", item, amount, Some.Time.AddSeconds(-age - after), Some.Time.AddSeconds(-age)));
}
