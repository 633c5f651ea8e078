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
    var ticker = new ViewTicker(feed, queues, alerts, run.Settings.Alerts.Rules.Threshold, run.Time);

    await Parts.RunAsync(
        stop,
        end => options.FileToFollow(run) is { } file ? new FileFeed(run, feed, file).RunAsync(end) : new QueueFeed(run, feed) { Bound = options.RecordOf(run) is { } record ? new RecordFeed(run, feed, record).LoadAsync : null }.RunAsync(end),
        queues.RunAsync,
        alerts.RunAsync,
        ticker.RunAsync,
        end => options.IsTerminal(run) ? TerminalView.RunAsync(ticker, end) : DashboardServer.RunAsync(run, feed, ticker, end));
});
