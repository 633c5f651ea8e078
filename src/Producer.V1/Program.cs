// Producer v1: sends one bid to one queue. It connects, declares the queue, publishes, and waits for the publisher confirm.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

return await AuctionProgram.RunAsync(
    "producer_v1.0", "Sends a bid to one queue, and ends.", ProgramDefinition.OneShotProducer, args, async (run, stop) =>
{
    var publisher = run.Publisher(confirmed: bid =>
        run.BidLog.Information("Sent message: {Bid}", bid.Json));
    await run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(BidPublisher.Confirms, lost);
        await AuctionTopology.DeclareSingleQueueAsync(channel, run.Settings.Broker, lost);
        await publisher.UseAsync(channel, lost);
        foreach (var bid in run.Bids(run.Settings.Producer.Count ?? 1))
        {
            await publisher.PublishAsync(exchange: "", routingKey: AuctionTopology.SingleQueue, bid, lost);
        }

        await publisher.WaitForConfirmsAsync(lost);
    }, stop);
    run.Log.Information("Closed RabbitMQ connection.");
});
