// Replay: sends the bids of a file to their items' queues, in the order of their time, at any speed.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Replay;

var options = new ReplayOptions();

return await AuctionProgram.RunAsync(
    "replay", "Sends the bids of a file to their items' queues.", options.Definition, args, async (run, stop) =>
{
    using var source = await BidSource.OpenAsync(options.FileOf(run), options.SortsOf(run), run, stop);
    var count = run.Settings.Producer.Count ?? long.MaxValue;
    long? expected = source.Count is { } all ? Math.Min(all, count) : null;
    await using var bids = new PacedBids(source.Bids, options.SpeedOf(run), count, run.Time);
    var publisher = run.Publisher(confirmed: _ => { });

    await ProgressBar.ShowAsync(run, expected, () => run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(BidPublisher.Confirms, lost);
        await AuctionTopology.DeclareItemQueuesAsync(channel, source.Queues.Items, run.Settings.Broker, lost);
        await publisher.UseAsync(channel, lost);
        await source.Queues.LogUnreadAsync(channel, lost);
        await foreach (var bid in bids.ReadAsync(stop, lost))
        {
            await publisher.PublishAsync(AuctionTopology.BidsExchange, AuctionTopology.RoutingKeyFor(bid.Item), bid, lost);
        }

        await publisher.WaitForConfirmsAsync(lost);
    }, stop));
});
