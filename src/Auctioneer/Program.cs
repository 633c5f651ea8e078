// Auctioneer: keeps the bids of open auctions, closes each at its time, and announces what it sold for. A bid is acked when it is stored.
using AuctionTracker.Auctioneer;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.State;

var options = new AuctioneerOptions();

return await AuctionProgram.RunAsync("auctioneer", "Closes auctions and announces what they sold for.", options.Definition, args, async (run, stop) =>
{
    var counts = new AuctionCounts(run.Counts.Received);
    await using var database = await options.OpenAsync(run, stop);
    var state = new AuctionState(database, run.Settings.Auctioneer, counts, run.BidLog, run.Time) { Alerts = AuctionAlerts.By(run.Settings.Alerts.Rules) };
    var outbox = new OutboxPublisher(database, "auctioneer", run.Log, run.Time);
    run.Counts.Append([.. counts.All, outbox.Announced]);
    await using var alerts = await AuctionAlerts.StartAsync(run, state, stop);
    var bids = new BidIntake(run, state, counts, committed: () => { outbox.Wake(); alerts.Wake(); });
    run.Log.Information("Starting auctioneer. Waiting for bids...");
    await run.BrokerOf("bids", BidIntake.Prefetch).RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
        await AuctionTopology.DeclareSalesAsync(channel, run.Settings.Broker, lost);
        await Parts.RunAsync(
            stop,
            end => bids.ReadAsync(connection, channel, closesRest: options.ClosesRest(run), end, lost),
            end => outbox.RunAsync(connection, end, lost),
            end => alerts.RunAsync(end, lost));
    }, stop);
});
