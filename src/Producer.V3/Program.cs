// Producer v3: keeps one connection open. Publisher confirms arrive while the next bids are published.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

return await AuctionProgram.RunAsync(
    "producer_v3.0", "Sends bids to their items' queues over one open connection.", ProgramDefinition.Producer, args, async (run, stop) =>
{
    var publisher = run.Publisher(confirmed: bid =>
        run.BidLog.Information("Sent message to {Queue}: {Bid}", AuctionTopology.QueueFor(bid.Item), bid));
    run.Log.Information("Producer started. Sending messages to RabbitMQ queues.");
    await run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(BidPublisher.Confirms, lost);
        await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
        await publisher.UseAsync(channel, lost);
        await foreach (var bid in run.Bids(stop, lost))
        {
            await publisher.PublishAsync(AuctionTopology.BidsExchange, AuctionTopology.RoutingKeyFor(bid.Item), bid, lost);
        }

        await publisher.WaitForConfirmsAsync(lost);
        await channel.CloseAsync(lost);
        run.Log.Information("Closed RabbitMQ channel.");
    }, stop);
    run.Log.Information("Closed RabbitMQ connection.");
});
