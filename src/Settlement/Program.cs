// Settlement: settles each sale once. It takes it from the item's stock, writes to the winner, and announces it.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Settlement;

var options = new SettlementOptions();

return await AuctionProgram.RunAsync("settlement", "Settles sales: stock, a mail to the winner, an announcement.", options.Definition, args, async (run, stop) =>
{
    await using var database = await options.OpenAsync(run, stop);
    var store = new SettlementStore(database, run.Settings.Settlement.Stock, options.Refills(run), run.Time);
    var outbox = new OutboxPublisher(database, "settlement", run.Log, run.Time);
    await using var mails = new WinnerRelay(run, store);
    var workers = new SaleWorkers(run, store, options.WorkOf(run), options.ParallelOf(run), settled: () => { outbox.Wake(); mails.Wake(); });
    var sales = new SaleIntake(run, store, workers, started: mails.Start);
    run.Counts.Append([.. sales.Counts, workers.Settled, workers.Waiting, outbox.Announced, .. mails.Counts]);
    run.Log.Information("Starting settlement. Waiting for sales...");
    await Parts.RunAsync(
        stop,
        end => run.BrokerOf("sales", SaleIntake.Prefetch).RunAsync(async (connection, lost) =>
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: lost);
            await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
            await AuctionTopology.DeclareSalesAsync(channel, run.Settings.Broker, lost);
            await Parts.RunAsync(end, over => sales.ReadAsync(connection, over, lost), over => outbox.RunAsync(connection, over, lost));
        }, end),
        workers.RunAsync,
        mails.RunAsync);
});
