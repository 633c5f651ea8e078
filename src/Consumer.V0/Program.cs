// Consumer v0: reads a file of bids as it grows, and keeps a rolling window of each item. It needs no broker.
using AuctionTracker.Core.Files;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Windows;

return await AuctionProgram.RunAsync(
    "consumer_v0.0", "Reads bids from a file as it grows.", ProgramDefinition.FileConsumer, args, async (run, stop) =>
{
    var windows = new ItemWindows(run.Settings.Consumer.Window);
    run.Log.Information("Starting consumer. Waiting for messages...");
    await foreach (var bid in BidFile.FollowAsync(run, stop))
    {
        run.BidLog.Information("Received {Item} message: Bid Amount: {Bid}", bid.Item, bid);
        var window = windows.Add(bid);
        run.BidLog.Information(
            "Rolling window for {Item} updated. Size: {Size}, Latest bid: {Bid}", bid.Item, window.Count, window.Latest);
    }
});
