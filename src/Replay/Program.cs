// Replay: sends the bids of a file to their items' queues, in the order of their time, at any speed.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Replay;

var options = new ReplayOptions();

return await AuctionProgram.RunAsync(
    "replay", "Sends the bids of a file to their items' queues.", options.Definition, args, async (run, stop) =>
{
    var bids = await options.ReadFileAsync(run, stop);
    var items = ItemQueues.For(bids, run);
    var playback = new Playback(bids, options.SpeedOf(run), run.Time);
    var publisher = run.Publisher(confirmed: _ => { });

    await ProgressBar.ShowAsync(run, bids.Count, () => run.Broker.RunAsync(async (connection, lost) =>
    {
        var channel = await connection.CreateChannelAsync(BidPublisher.Confirms, lost);
        await AuctionTopology.DeclareItemQueuesAsync(channel, items, run.Settings.Broker, lost);
        await publisher.UseAsync(channel, lost);
        await ItemQueues.SayUnreadAsync(items, run, channel, lost);
        await foreach (var bid in playback.Rest(stop, lost))
        {
            await publisher.PublishAsync(AuctionTopology.BidsExchange, AuctionTopology.RoutingKeyFor(bid.Item), bid, lost);
        }

        await publisher.WaitForConfirmsAsync(lost);
    }, stop));
});
