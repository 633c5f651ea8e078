using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

public sealed class TopologyTests
{
    private const string LookingOn = "looking_on";
    private const string ArtQueue = "auction_queue_art";

    [Fact]
    public async Task A_queue_that_looks_on_gets_every_bid_and_takes_none_from_the_default_queue()
    {
        await using var host = await Rabbit.HostAsync();
        await using var connection = await Rabbit.ConnectAsync(host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await DeclareAsync(channel, host.Uri);
        await channel.QueueDeclareAsync(LookingOn, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(LookingOn, AuctionTopology.BidsExchange, "#");

        await PublishAsync(channel, "art", 1);
        await PublishAsync(channel, "cars", 2);

        Assert.Equal(["1"], await DrainAsync(host.Uri, ArtQueue));
        Assert.Equal(["2"], await DrainAsync(host.Uri, AuctionTopology.DefaultQueue));
        Assert.Equal(["1", "2"], await DrainAsync(host.Uri, LookingOn));
    }

    [Fact]
    public async Task Bindings_of_earlier_versions_are_moved_while_bids_arrive_and_each_bid_arrives_once()
    {
        await using var host = await Rabbit.HostAsync();
        await using var connection = await Rabbit.ConnectAsync(host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await DeclareAsEarlierVersionsAsync(channel);
        using var isMoved = new CancellationTokenSource();
        var publishing = Task.Run(async () =>
        {
            var published = 0;
            for (var rest = 20; rest > 0; rest -= isMoved.IsCancellationRequested ? 1 : 0)
            {
                await PublishAsync(channel, "art", ++published);
                await PublishAsync(channel, "cars", published);
            }

            return published;
        });

        await using (var other = await connection.CreateChannelAsync())
        {
            await DeclareAsync(other, host.Uri);
            await DeclareAsync(other, host.Uri);
        }

        await isMoved.CancelAsync();
        var all = Enumerable.Range(1, await publishing).Select(number => $"{number}");
        Assert.Equal(all, await DrainAsync(host.Uri, ArtQueue));
        Assert.Equal(all, await DrainAsync(host.Uri, AuctionTopology.DefaultQueue));

        // Without the old binding a bid comes only by way of the second exchange.
        await channel.ExchangeUnbindAsync(AuctionTopology.ItemsExchange, AuctionTopology.BidsExchange, "#");
        await PublishAsync(channel, "art", 0);
        Assert.Empty(await DrainAsync(host.Uri, ArtQueue));
    }

    [Fact]
    public async Task A_queue_bound_by_an_earlier_version_again_gets_each_bid_once()
    {
        await using var host = await Rabbit.HostAsync();
        await using var connection = await Rabbit.ConnectAsync(host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await DeclareAsync(channel, host.Uri);
        await DeclareAsEarlierVersionsAsync(channel);

        await PublishAsync(channel, "art", 1);

        Assert.Equal(["1"], await DrainAsync(host.Uri, ArtQueue));
        Assert.Empty(await DrainAsync(host.Uri, AuctionTopology.DefaultQueue));
    }

    [Fact]
    public async Task A_bid_of_a_record_queue_can_be_given_back_more_often_than_a_quorum_queue_allows_by_default()
    {
        await using var host = await Rabbit.HostAsync();
        await using var connection = await Rabbit.ConnectAsync(host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await DeclareAsync(channel, host.Uri);
        var queue = await AuctionTopology.DeclareRecordQueueAsync(channel, "test", SettingsOf(host.Uri, isQuorum: true), default);
        await PublishAsync(channel, "art", 1);

        for (var attempt = 1; attempt <= 30; attempt++)
        {
            await using var reader = await connection.CreateChannelAsync();
            Assert.Equal("1", (await GetAsync(reader))!.BasicProperties.MessageId); // closing the channel gives it back
        }

        Assert.Equal(["1"], await DrainAsync(host.Uri, queue));

        async Task<BasicGetResult?> GetAsync(IChannel reader)
        {
            BasicGetResult? message = null;
            await Eventually.TrueAsync("the bid is back", async () => (message = await reader.BasicGetAsync(queue, autoAck: false)) is not null);
            return message;
        }
    }

    private static Task DeclareAsync(IChannel channel, Uri broker) =>
        AuctionTopology.DeclareItemQueuesAsync(channel, ["art"], SettingsOf(broker, isQuorum: false), default);

    private static BrokerSettings SettingsOf(Uri broker, bool isQuorum) =>
        new([broker], isQuorum, TimeSpan.FromSeconds(10), 1, TimeSpan.FromSeconds(30));

    private static async Task DeclareAsEarlierVersionsAsync(IChannel channel)
    {
        await channel.ExchangeDeclareAsync(AuctionTopology.UnroutedExchange, ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(AuctionTopology.DefaultQueue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(AuctionTopology.DefaultQueue, AuctionTopology.UnroutedExchange, "");
        await channel.ExchangeDeclareAsync(
            AuctionTopology.BidsExchange, ExchangeType.Topic, durable: true,
            arguments: new Dictionary<string, object?> { ["alternate-exchange"] = AuctionTopology.UnroutedExchange });
        await channel.QueueDeclareAsync(ArtQueue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(ArtQueue, AuctionTopology.BidsExchange, "bid.art");
    }

    /// <summary>Publishes with confirm: on return every queue has the bid.</summary>
    private static ValueTask PublishAsync(IChannel channel, string item, int number) => channel.BasicPublishAsync(
        AuctionTopology.BidsExchange, $"bid.{item}", mandatory: false, new BasicProperties { MessageId = $"{number}" },
        BidJson.Write(Some.Bid(item: item)));

    private static async Task<IEnumerable<string?>> DrainAsync(Uri broker, string queue) =>
        (await PlainClient.DrainAsync(broker, queue)).Select(message => message.BasicProperties.MessageId);
}
