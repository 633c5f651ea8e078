using AuctionTracker.Core.Live;
using AuctionTracker.Sales.Live;
using AuctionTracker.Sales.Statistics;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Sales.Tests.Live;

public sealed class LiveSalesTests
{
    private static readonly DateTimeOffset Now = Some.Time;

    private readonly LiveSales _sales = new(TimeSpan.FromMinutes(10));

    [Fact]
    public void Without_sales_there_are_no_figures()
    {
        var figures = _sales.SnapshotAt(Now);

        Assert.Equal((0L, 0L, 0L, 0m, 0m), (figures.Sold, figures.Unsold, figures.Settled, figures.Total, figures.Highest));
        Assert.Empty(figures.Items);
        Assert.All(figures.Points, point => Assert.Equal(0, point.Sold + point.Unsold + point.Settled));
    }

    [Fact]
    public void An_auction_counts_once_in_whatever_order_its_messages_come()
    {
        for (var i = 0; i < 2; i++)
        {
            _sales.Add(Settled("b", 30, seconds: 2), Now);
            _sales.Add(Result("a", 10), Now);
            _sales.Add(Result("b", 30), Now);
            _sales.Add(Result("c", 99, isSold: false), Now);
            _sales.Add(Settled("a", 10, seconds: 4), Now);
        }

        var figures = _sales.SnapshotAt(Now);
        Assert.Equal(new ItemSalesRow("art") { Sold = 2, Unsold = 1, Settled = 2, Total = 40, Highest = 30 }, Assert.Single(figures.Items));
        Assert.Equal((3m, 4m), (figures.MedianSeconds, figures.P99Seconds));
        Assert.Equal(["a", "b", "c"], figures.Last.Select(last => last.Result.AuctionId).Order());
        Assert.Equal((Now.AddSeconds(4), null), (figures.Last.Single(l => l.Result.AuctionId == "a").Settled, figures.Last.Single(l => l.Result.AuctionId == "c").Settled));
    }

    [Fact]
    public void With_more_auctions_than_are_known_by_id_a_settled_sale_adds_no_second_result()
    {
        const int Many = 300_010;
        _sales.HasAllResults = true;
        for (var i = 0; i < Many; i++)
        {
            _sales.Add(Result($"{i}", 1), Now);
        }

        for (var i = 0; i < 5; i++)
        {
            _sales.Add(Settled($"{i}", 1, seconds: 1), Now);
        }

        var figures = _sales.SnapshotAt(Now);
        Assert.Equal((Many, 5L, Many), (figures.Sold, figures.Settled, figures.Total));
    }

    [Fact]
    public void A_point_has_the_auctions_that_closed_in_its_time_and_the_sales_that_were_settled()
    {
        var closed = new DateTimeOffset(2024, 6, 12, 3, 50, 0, TimeSpan.Zero);
        _sales.Add(Result("a", 10, closed: closed), Now);
        _sales.Add(Result("b", 10, closed: closed.AddSeconds(4.999), isSold: false), Now);
        _sales.Add(Result("c", 10, closed: closed.AddSeconds(5)), Now);
        _sales.Add(new SettledSale("a", "art", 10, closed, closed.AddSeconds(7)), Now);

        var points = _sales.SnapshotAt(Now).Points;
        Assert.Equal(new SalesPoint(closed, 1, 1, 0, 0, 0), points.Single(point => point.Opens == closed));
        Assert.Equal(new SalesPoint(closed.AddSeconds(5), 1, 0, 1, 7, 7), points.Single(point => point.Opens == closed.AddSeconds(5)));
        Assert.Equal(121, points.Count);
    }

    [Fact]
    public void What_closed_before_the_window_counts_in_the_sums_only()
    {
        _sales.Add(Result("a", 10, closed: Now.AddHours(-1)), Now);

        var figures = _sales.SnapshotAt(Now);
        Assert.Equal(1, figures.Sold);
        Assert.Equal(0, figures.Points.Sum(point => point.Sold));
    }

    [Fact]
    public void A_time_in_the_future_counts_as_now_and_settling_takes_no_less_than_nothing()
    {
        _sales.Add(Result("a", 10, closed: Now.AddYears(1000)), Now);
        _sales.Add(new SettledSale("b", "art", 10, Now.AddSeconds(-1), Now.AddSeconds(-3)), Now);
        _sales.Add(Result("c", 10, closed: Now.AddSeconds(-5)), Now);

        var figures = _sales.SnapshotAt(Now);
        Assert.Equal(3, figures.Points.Sum(point => point.Sold));
        Assert.Equal(Now, figures.Last[^1].Result.Closed);
        Assert.Equal(0m, figures.MedianSeconds);
    }

    [Fact]
    public void Of_two_levels_of_a_stock_the_newer_holds_also_of_a_new_database_whose_numbers_begin_again()
    {
        Set("art", 7, change: 12, second: 0);
        Set("art", 9, change: 11, second: -1); // comes late
        Assert.Equal(7, Assert.Single(_sales.SnapshotAt(Now).Stock).Quantity);

        Set("art", 6, change: 13, second: -5); // the clock was set back
        Assert.Equal(6, Assert.Single(_sales.SnapshotAt(Now).Stock).Quantity);

        Set("art", 20, change: 1, second: 60);
        Assert.Equal(20, Assert.Single(_sales.SnapshotAt(Now).Stock).Quantity);

        void Set(string item, long quantity, long change, double second) => _sales.Set(new StockLevel(item, quantity, change) { Time = Now.AddSeconds(second) }, Now.AddMinutes(2));
    }

    [Fact]
    public void Many_items_share_a_row_and_the_lists_are_bounded()
    {
        for (var i = 0; i < 3_000; i++)
        {
            _sales.Add(Result($"{i}", 1, item: $"item {i}"), Now);
            _sales.Set(new StockLevel($"item_{i}", 1, i), Now);
        }

        var figures = _sales.SnapshotAt(Now);
        Assert.Equal((LiveSales.MaxItems, LiveSales.MaxItems, 100), (figures.Items.Count, figures.Stock.Count, figures.Last.Count));
        Assert.Equal((3_000L, 3_000m), (figures.Sold, figures.Total));
        Assert.Equal(3_000 - LiveSales.MaxItems + 1, figures.Items.Single(item => item.Item == LiveOptions.OtherItems).Sold);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"auction_id":"a","item":"art","highest_amount":"5","winning_amount":5,"bidder_name":"n","closed":"2024-01-01T00:00:00Z","settled":"soon","stock":1.5,"stock_change":1}""")]
    [InlineData("""{"auction_id":"a","item":"art","highest_amount":79228162514264337593543950335,"winning_amount":79228162514264337593543950335,"bidder_name":"n","closed":"2024-01-01T00:00:00Z","settled":"2024-01-01T00:00:00Z","stock":99999999999999999999,"stock_change":1,"time":"2024-01-01T00:00:00Z"}""")]
    [InlineData("""{"auction_id":"a","item":"art","highest_amount":0,"winning_amount":0,"bidder_name":"n","closed":"2024-01-01T00:00:00Z","settled":"2024-01-01T00:00:00Z","stock":1}""")]
    [InlineData("""{"auction_id":null,"item":7,"highest_amount":5,"winning_amount":5,"bidder_name":"n","closed":"x","settled":"2024-01-01T00:00:00Z","stock":1}""")]
    public void What_is_no_message_about_a_sale_is_refused(string body)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);

        Assert.False(AuctionResult.TryRead(bytes, out _));
        Assert.False(SettledSale.TryRead(bytes, out _));
        Assert.False(StockLevel.TryRead(bytes, out _));
    }

    private static AuctionResult Result(string auction, decimal amount, bool isSold = true, DateTimeOffset? closed = null, string item = "art") =>
        new(auction, item, amount, isSold, isSold ? "Ada" : null, closed ?? Now);

    private static SettledSale Settled(string auction, decimal amount, double seconds) => new(auction, "art", amount, Now, Now.AddSeconds(seconds));
}
