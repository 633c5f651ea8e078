// Dashboard: shows the bids as they come, in a browser or in the terminal.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Dashboard;
using AuctionTracker.Dashboard.Feeds;
using AuctionTracker.Dashboard.Terminal;
using AuctionTracker.Dashboard.Views;
using AuctionTracker.Dashboard.Web;

var options = new DashboardOptions();

return await AuctionProgram.RunAsync("dashboard", "Shows the auction live.", options.Definition, args, async (run, stop) =>
{
    DashboardOptions.RequirePassword(run.Settings.Dashboard);
    var feed = new LiveFeed(options.LiveOptionsOf(run), run.Time);
    var queues = new QueueMonitor(run.Settings.Broker, run.Time);
    var alerts = new AlertMonitor(run.Settings.Alerts.Database, run.Time);
    var sales = options.FileToFollow(run) is null ? new SalesFeed(run, options.LiveOptionsOf(run).Window) : null;
    var ticker = new ViewTicker(feed, queues, alerts, sales, run.Settings.Alerts.Rules.Threshold, run.Time);

    // The server starts before the first bid is read: a histogram of Prometheus has no bids from before.
    await using var server = options.IsTerminal(run) ? null : await DashboardServer.StartAsync(run, feed, ticker, stop);
    await Parts.RunAsync(
        stop,
        end => options.FileToFollow(run) is { } file ? new FileFeed(run, feed, file).RunAsync(end) : new QueueFeed(run, feed, options.RecordOf(run, feed)).RunAsync(end),
        end => sales?.RunAsync(end) ?? Task.Delay(Timeout.Infinite, end),
        queues.RunAsync,
        alerts.RunAsync,
        ticker.RunAsync,
        end => server?.RunAsync(run, end) ?? TerminalView.RunAsync(ticker, end));
});
