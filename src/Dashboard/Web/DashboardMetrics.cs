using System.Diagnostics.Metrics;
using AuctionTracker.Dashboard.Feeds;
using AuctionTracker.Dashboard.Views;

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
        _meter.CreateObservableGauge("auction_auctions_open", () => ticker.View.Live.Rankings.OpenAuctions, description: "Auctions with a bid within the window.");
        _meter.CreateObservableGauge("auction_dashboard_behind", () => ticker.View.Status.Behind.TotalSeconds, unit: "s", description: "How long it will take to read what waits in the dashboard's queue.");
        _meter.CreateObservableGauge(
            "auction_queue_depth",
            () => (ticker.View.Queues ?? []).Select(queue => new Measurement<long>(queue.Ready + queue.Unacked, new KeyValuePair<string, object?>("queue", queue.Name))),
            description: "Messages in a queue, delivered ones that are not acked included.");
    }

    public void Dispose() => _meter.Dispose();
}
