// Producer v2: sends each bid to the queue of its item. The exchange routes it by its routing key. Each bid opens a new connection.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

return await AuctionProgram.RunAsync(
    "producer_v2.0", "Sends a bid to its item's queue, every interval.", ProgramDefinition.Producer, args, async (run, stop) =>
{
    var publisher = run.Publisher(confirmed: bid =>
        run.BidLog.Information("Sent message to {Queue}: {Bid}", AuctionTopology.QueueFor(bid.Item), bid.Json));
    await foreach (var bid in run.Bids(stop))
    {
        await run.Broker.RunAsync(async (connection, lost) =>
        {
            var channel = await connection.CreateChannelAsync(BidPublisher.Confirms, lost);
            await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
            await publisher.UseAsync(channel, lost);
            await publisher.PublishAsync(AuctionTopology.BidsExchange, AuctionTopology.RoutingKeyFor(bid.Item), bid, lost);
            await publisher.WaitForConfirmsAsync(lost);
        }, stop);
        run.BidLog.Information("Closed RabbitMQ connection.");
    }
});
