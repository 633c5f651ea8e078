// Consumer v1: reads one queue. A message is acked after its handler returns.
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

return await AuctionProgram.RunAsync(
    "consumer_v1.0", "Reads bids from one queue.", ProgramDefinition.Consumer, args, async (run, stop) =>
{
    run.Log.Information("Starting consumer. Waiting for messages...");
    await run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        await AuctionTopology.DeclareSingleQueueAsync(channel, run.Settings.Broker, lost);
        await run.Consumer.ConsumeAsync(connection, [AuctionTopology.SingleQueue], Handle, stop, lost);
    }, stop);

    ValueTask Handle(Bid bid, Delivery delivery, CancellationToken cancel)
    {
        run.BidLog.Information("Received message: {Bid}", BidJson.ToText(bid));
        return ValueTask.CompletedTask;
    }
});
