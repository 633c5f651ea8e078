using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Xunit;
using static AuctionTracker.Integration.Tests.DeadLetters.TestDeadLetters;

namespace AuctionTracker.Integration.Tests.DeadLetters;

/// <summary>What RabbitMQ 3.x and 4.x do with a message of a quorum queue whose delivery fails again and again.</summary>
public sealed class QuorumQueueTests
{
    /// <summary>The default from RabbitMQ 4.0 on: the failure after this many makes the message a dead letter.</summary>
    private const int DefaultDeliveryLimit = 20;

    [Fact]
    public async Task A_consumer_that_crashes_more_often_than_the_delivery_limit_makes_the_message_a_dead_letter_which_can_be_replayed()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await SendBidAsync(host.Uri, folder);
        await host.SetPolicyAsync("^auction_queue$", new Dictionary<string, object> { ["delivery-limit"] = 2 }, CancellationToken.None);

        await CrashAsync(host.Uri, AuctionTopology.SingleQueue, times: 3);

        await IsDeadLetteredAsync(host.Uri);
        var (_, listed) = await RunAsync(host.Uri, folder, "list");
        var (exitCode, _) = await RunAsync(host.Uri, folder, "replay", "--all");
        Assert.Single(listed, t => t.Contains("RabbitMQ gave it up: delivery_limit", StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
        var replayed = Assert.Single(await PlainClient.DrainAsync(host.Uri, AuctionTopology.SingleQueue));
        Assert.Equal("1", HeaderOf(replayed, DeadLetterHeaders.Deaths));
        Assert.DoesNotContain("x-death", replayed.BasicProperties.Headers!.Keys);
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task Without_a_policy_a_message_stays_in_its_queue_on_3_x_and_is_a_dead_letter_after_21_crashes_on_4_x()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await SendBidAsync(host.Uri, folder);

        await CrashAsync(host.Uri, AuctionTopology.SingleQueue, DefaultDeliveryLimit + 1);

        if (await MajorVersionAsync(host.Uri) < 4)
        {
            var message = await GetAndCrashAsync(host.Uri, AuctionTopology.SingleQueue);
            Assert.Equal("21", HeaderOf(message, "x-delivery-count"));
            Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        }
        else
        {
            // The message comes with the delivery count it had. Neither reading it often nor listing it deletes it.
            await IsDeadLetteredAsync(host.Uri);
            await CrashAsync(host.Uri, AuctionTopology.DeadLetterQueue, times: 3);
            await RunAsync(host.Uri, folder, "list");
            var (_, listed) = await RunAsync(host.Uri, folder, "list");
            Assert.Contains("Dead letters: 1.", listed);
        }
    }

    [Fact]
    public async Task A_dead_letter_can_be_read_more_often_than_the_default_delivery_limit_and_the_order_stays()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await SendBidAsync(host.Uri, folder);
        await using (var connection = await Rabbit.ConnectAsync(host.Uri))
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            foreach (var id in new[] { "m-1", "m-2", "m-3" })
            {
                var (properties, body) = Letter(id, "a"u8.ToArray());
                await channel.BasicPublishAsync("", AuctionTopology.DeadLetterQueue, mandatory: true, properties, body);
            }
        }

        await CrashAsync(host.Uri, AuctionTopology.DeadLetterQueue, DefaultDeliveryLimit + 5);
        var (_, listed) = await RunAsync(host.Uri, folder, "list", "--limit", "1");

        Assert.Contains("Dead letters: 1.", listed);
        await Eventually.TrueAsync(
            "the broker gives back what list has read",
            async () => await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue) == 3);
        Assert.Equal(["m-1", "m-2", "m-3"], await DrainIdsAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    /// <summary>Sends one bid to v1's queue, and has all queues declared as quorum queues.</summary>
    private static async Task SendBidAsync(Uri broker, TempFolder folder)
    {
        await File.WriteAllTextAsync(folder[".env.toml"], "[broker]\nqueue_type = \"quorum\"\n");
        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Producer.V1", folder, broker);
        Assert.True(exitCode == 0, string.Join('\n', texts));
    }

    /// <summary>Gets the oldest message on a connection of its own and closes it without an ack, as a crash does.</summary>
    private static async Task CrashAsync(Uri broker, string queue, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await GetAndCrashAsync(broker, queue);
        }
    }

    private static async Task<BasicGetResult> GetAndCrashAsync(Uri broker, string queue)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        BasicGetResult? message = null;
        await Eventually.TrueAsync(
            $"{queue} has a message", async () => (message = await channel.BasicGetAsync(queue, autoAck: false)) is not null);
        await connection.AbortAsync();
        return message!;
    }

    private static Task IsDeadLetteredAsync(Uri broker) => Eventually.TrueAsync(
        "the broker moves the message", async () => await PlainClient.CountAsync(broker, AuctionTopology.DeadLetterQueue) == 1);

    private static async Task<int> MajorVersionAsync(Uri broker)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        return Rabbit.VersionOf(connection).Major;
    }
}
