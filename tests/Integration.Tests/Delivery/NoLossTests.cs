using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

public sealed class NoLossTests
{
    [Fact]
    public async Task A_bid_on_an_item_without_a_queue_is_routed_to_the_default_queue_and_consumed()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await ProgramUnderTest.RunAsync("Producer.V3", folder, host.Uri, "--count", "1", "--items", "stamps");
        await using (var connection = await Rabbit.ConnectAsync(host.Uri))
        {
            await using var channel = await connection.CreateChannelAsync();
            await channel.QueueDeleteAsync("auction_queue_stamps", ifUnused: false, ifEmpty: false);
            await RabbitMQ.Client.IChannelExtensions.BasicPublishAsync(
                channel, AuctionTopology.BidsExchange, "bid.stamps", BidJson.Write(Some.Bid(item: "Stamps")));
        }

        await Eventually.TrueAsync("the alternate exchange took the bid", async () => await PlainClient.CountAsync(host.Uri, AuctionTopology.DefaultQueue) == 1);
        var (_, texts) = await ProgramUnderTest.RunAsync("Consumer.V2", folder, host.Uri, "--count", "1");

        Assert.Contains(texts, t => t.StartsWith("Received Stamps message: {", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unacked_bids_of_a_killed_consumer_are_redelivered()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await ProgramUnderTest.RunAsync("Producer.V3", folder, host.Uri, "--count", "3000", "--interval", "0", "--quiet");

        var received = new HashSet<string>();
        await using (var killed = ProgramUnderTest.Start("Consumer.V2", folder, host.Uri))
        {
            await killed.LineAsync("Received ");
            killed.Kill();
            await killed.EndAsync();
            received.UnionWith(Bids(killed.Texts));
        }

        var (_, texts) = await ProgramUnderTest.RunAsync("Consumer.V2", folder, host.Uri, "--idle-exit", "2");
        received.UnionWith(Bids(texts));

        Assert.Equal(3000, received.Count);
    }

    [Fact]
    public async Task A_producer_and_a_consumer_reconnect_after_their_connections_were_cut_and_no_bid_is_lost()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var proxy = new TcpProxy(host.Uri);
        await using var consumer = ProgramUnderTest.Start("Consumer.V2", folder, proxy.Uri);
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, proxy.Uri, "--interval", "0.002", "--seed", "3");
        for (var cut = 0; cut < 3; cut++)
        {
            await consumer.LineAsync("Received ");
            proxy.Cut();
            await producer.LineAsync("Connected to RabbitMQ after ");
            await consumer.LineAsync("Connected to RabbitMQ after ");
        }

        producer.Interrupt();
        Assert.Equal(0, await producer.EndAsync());
        var sent = producer.Texts.Where(t => t.StartsWith("Sent message", StringComparison.Ordinal)).Select(t => t.Split(" at ")[^1]).ToHashSet();
        await Eventually.TrueAsync("the consumer has read every bid that was sent", () => sent.IsSubsetOf(Times(consumer.Texts)));
        consumer.Interrupt();
        Assert.Equal(0, await consumer.EndAsync());
        Assert.Matches("^Counts: sent ([0-9]+), confirmed \\1, returned 0, failed 0$", producer.Texts[^1]);
    }

    [Fact]
    public async Task A_consumer_continues_after_its_queue_was_deleted()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var consumer = ProgramUnderTest.Start("Consumer.V1", folder, host.Uri, "--count", "2");
        await PlainClient.SendAsync(host.Uri, AuctionTopology.SingleQueue, BidJson.Write(Some.Bid()));
        await consumer.LineAsync("Received message: ");

        await PlainClient.DeleteAsync(host.Uri, AuctionTopology.SingleQueue);
        await consumer.LineAsync("Connection to RabbitMQ lost (queue auction_queue was deleted, or its node stopped).");
        await PlainClient.SendAsync(host.Uri, AuctionTopology.SingleQueue, BidJson.Write(Some.Bid()));

        Assert.Equal(0, await consumer.EndAsync());
    }

    [Fact]
    public async Task A_nacked_bid_is_published_again_until_it_is_confirmed()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await host.SetPolicyAsync(
            "^auction_queue_art$", new Dictionary<string, object> { ["max-length"] = 10, ["overflow"] = "reject-publish" }, CancellationToken.None);
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, host.Uri, "--count", "2000", "--interval", "0.001", "--items", "art", "--quiet");
        for (var nacks = 0; nacks < 3; nacks++)
        {
            await producer.LineAsync("Connection to RabbitMQ lost (RabbitMQ nacked a bid for bid.art: its queue is full, or the queue's node failed).");
        }

        await host.SetPolicyAsync("^auction_queue_art$", new Dictionary<string, object> { ["max-length"] = 100_000 }, CancellationToken.None);

        Assert.Equal(0, await producer.EndAsync());
        Assert.Equal("Counts: sent 2000, confirmed 2000, returned 0, failed 0", producer.Texts[^1]);
        var kept = await PlainClient.DrainAsync(host.Uri, AuctionTopology.QueueFor("art"));
        Assert.Equal(2000, kept.Select(m => m.BasicProperties.MessageId).Distinct().Count());
    }

    /// <summary>The bids of the complete lines: kill -9 may truncate the last one.</summary>
    private static IEnumerable<string> Bids(IEnumerable<string> texts) =>
        texts.Where(t => t.StartsWith("Received ", StringComparison.Ordinal) && t.EndsWith('}')).Select(t => t[t.IndexOf('{', StringComparison.Ordinal)..]);

    private static HashSet<string> Times(IEnumerable<string> texts) =>
        [.. Bids(texts).Select(b => BidJson.TryRead(System.Text.Encoding.UTF8.GetBytes(b), out var bid, out _) ? Bid.Format(bid.Timestamp) : "")];
}
