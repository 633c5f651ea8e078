using System.Diagnostics.Metrics;
using AuctionTracker.Dashboard.Feeds;
using AuctionTracker.Dashboard.Views;
using AuctionTracker.Sales.Live;

namespace AuctionTracker.Dashboard.Web;

/// <summary>The figures for Prometheus. Totals and gauges are read from the view when they are asked for.</summary>
internal sealed class DashboardMetrics : IDisposable
{
    public const string MeterName = "AuctionTracker.Dashboard";

    public static readonly double[] AmountBounds = [10, 25, 50, 100, 200, 400, 600, 800, 1_000, 2_500, 5_000, 10_000, 100_000, 1_000_000];
    public static readonly double[] TickBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5];

    public const string AmountHistogram = "auction_bid_amount";
    public const string TickHistogram = "auction_dashboard_tick";

    private readonly Meter _meter = new(MeterName);

    public DashboardMetrics(LiveFeed feed, ViewTicker ticker)
    {
        var amounts = _meter.CreateHistogram<double>(AmountHistogram, description: "Amounts of bids.");
        var ticks = _meter.CreateHistogram<double>(TickHistogram, unit: "s", description: "Time to make the view of all pages.");
        feed.BidAdded = bid => amounts.Record((double)bid.Amount);
        ticker.Measured = time => ticks.Record(time.TotalSeconds);
        _meter.CreateObservableCounter("auction_bids", () => ticker.View.Live.Amounts.Bids, description: "Bids.");
        _meter.CreateObservableCounter("auction_bids_high", () => ticker.View.Live.Amounts.High, description: "Bids above the threshold.");
        _meter.CreateObservableCounter("auction_messages_unreadable", () => ticker.View.Status.Unreadable, description: "Messages that cannot be read as bids.");
        _meter.CreateObservableGauge("auction_auctions_open", () => ticker.View.Live.Rankings.OpenAuctions, description: "Auctions with a bid within the window that are not over.");
        CountSales("auction_auctions_sold", "Auctions that were sold.", sales => sales.Sold);
        CountSales("auction_auctions_unsold", "Auctions that closed without a sale.", sales => sales.Unsold);
        CountSales("auction_sales_settled", "Sales that are settled.", sales => sales.Settled);
        CountSales("auction_sales_amount", "The sum of the winning bids.", sales => (double)sales.Total);
        _meter.CreateObservableGauge(
            "auction_stock",
            () => (ticker.View.Sales?.Figures.Stock ?? []).Select(level => new Measurement<long>(level.Quantity, new KeyValuePair<string, object?>("item", level.Item))),
            description: "How much of an item is in stock.");
        _meter.CreateObservableGauge("auction_dashboard_behind", () => ticker.View.Status.Behind.TotalSeconds, unit: "s", description: "How long it will take to read what waits in the dashboard's queue.");
        _meter.CreateObservableGauge(
            "auction_queue_depth",
            () => (ticker.View.Queues ?? []).Select(queue => new Measurement<long>(queue.Ready + queue.Unacked, new KeyValuePair<string, object?>("queue", queue.Name))),
            description: "Messages in a queue, delivered ones that are not acked included.");

        void CountSales<T>(string name, string description, Func<SalesSnapshot, T> count)
            where T : struct => _meter.CreateObservableCounter(name, () => ticker.View.Sales is { } sales ? [new Measurement<T>(count(sales.Figures))] : Array.Empty<Measurement<T>>(), description: description);
    }

    public void Dispose() => _meter.Dispose();
}
