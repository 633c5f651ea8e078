// Consumer v4: sends an e-mail when a bid is high. A bid is acked after its alert is stored in the outbox; the relay mails it from there.
using AuctionTracker.Alerts;
using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Alerts.Rules;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Windows;

return await AuctionProgram.RunAsync(
    "consumer_v4.0", "Sends an e-mail when a bid is high.", AlertCommands.AlertConsumer, args, async (run, stop) =>
{
    var windows = new ItemWindows(run.Settings.Consumer.Window);
    await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, run.Time, stop);
    var rules = new AlertRules(run.Settings.Alerts.Rules, outbox.HighWaterMarks);
    run.Consumer.DeadLettered = (delivery, failure) => outbox.Add(rules.Evaluate(delivery, failure));
    await using var relay = await OutboxRelay.StartAsync(outbox, run, stop);
    run.Log.Information("Starting consumer. Waiting for messages...");
    await run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
        await run.Consumer.ConsumeAsync(connection, AuctionTopology.QueuesFor(run.Settings.Items), Handle, stop, lost, outbox.CommitAsync);
    }, stop);

    ValueTask Handle(Bid bid, Delivery delivery, CancellationToken cancel)
    {
        run.BidLog.Information("Received {Item} message: {Bid}", bid.Item, bid);
        var window = windows.Add(bid);
        run.BidLog.Information(
            "Rolling window for {Item} updated. Size: {Size}, Latest bid: {Bid}", bid.Item, window.Count, window.Latest);
        foreach (var alert in rules.Evaluate(bid, delivery.Id, window))
        {
            run.BidLog.Information("{Alert}. Sending email alert.", alert);
            outbox.Add(alert);
        }

        return ValueTask.CompletedTask;
    }
});
