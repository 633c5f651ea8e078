// Consumer v3: keeps a rolling window of the last bids on each item.
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

return await AuctionProgram.RunAsync(
    "consumer_v3.0", "Keeps a rolling window of bids on each item.", ProgramDefinition.WindowConsumer, args, async (run, stop) =>
{
    var windows = new ItemWindows(run.Settings.Consumer.Window);
    run.Log.Information("Starting consumer. Waiting for messages...");
    await run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
        await run.Consumer.ConsumeAsync(connection, AuctionTopology.QueuesFor(run.Settings.Items), Handle, stop, lost);
    }, stop);

    ValueTask Handle(Bid bid, Delivery delivery, CancellationToken cancel)
    {
        run.BidLog.Information("Received {Item} message: Bid Amount: {Bid}", bid.Item, bid);
        var window = windows.Add(bid);
        run.BidLog.Information(
            "Rolling window for {Item} updated. Size: {Size}, Latest bid: {Bid}", bid.Item, window.Count, window.Latest);
        return ValueTask.CompletedTask;
    }
});
