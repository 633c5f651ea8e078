// Statistics: settled sales over the last minute, 15 minutes, hour and day, as they come.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.State;
using AuctionTracker.Statistics;

var database = StateDatabase.CreateOption("data/settlement.db");
var definition = new ProgramDefinition([AllSettings.IdleExit], _ => [], counts => counts.Received, "Statistics interrupted. Closing connection.")
{
    RateUnit = "sales",
    Options = [database],
};

return await AuctionProgram.RunAsync("statistics", "Counts settled sales over the last minute, 15 minutes, hour and day.", definition, args, async (run, stop) =>
{
    var feed = new SaleFeed(run, run.Arguments.GetValue(database) ?? run.Settings.Settlement.Database);
    run.Counts.Append(feed.Counts);
    await Parts.RunAsync(stop, feed.RunAsync, end => StatisticsView.RunAsync(run, feed, end));
});
