// Consumer v2: reads a queue per item, and the default queue for all other items.
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

return await AuctionProgram.RunAsync(
    "consumer_v2.0", "Reads bids from a queue per item.", ProgramDefinition.Consumer, args, async (run, stop) =>
{
    run.Log.Information("Starting consumer. Waiting for messages...");
    await run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
        await run.Consumer.ConsumeAsync(connection, AuctionTopology.QueuesFor(run.Settings.Items), Handle, stop, lost);
    }, stop);

    ValueTask Handle(Bid bid, Delivery delivery, CancellationToken cancel)
    {
        run.BidLog.Information("Received {Item} message: {Bid}", bid.Item, BidJson.ToText(bid));
        return ValueTask.CompletedTask;
    }
});
