using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Xunit;
using Xunit.Abstractions;
using static AuctionTracker.Integration.Tests.Letters.TestDeadLetters;
using Dead = AuctionTracker.Core.Messaging.DeadLetters;

namespace AuctionTracker.Integration.Tests.Letters;

public sealed class DeadLetterReplayTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_a_quorum_queue_gave_up_after_too_many_deliveries_is_a_letter_and_goes_back()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder[".env.toml"], "[broker]\nqueue_type = \"quorum\"\n");
        await ProgramUnderTest.RunAsync("Producer.V1", folder, host.Uri);
        await host.SetPolicyAsync("^auction_queue$", new Dictionary<string, object> { ["delivery-limit"] = 1 }, CancellationToken.None);
        await using (var connection = await Rabbit.ConnectAsync(host.Uri))
        {
            await using var channel = await connection.CreateChannelAsync();
            for (var i = 0; i < 2; i++)
            {
                var message = await channel.BasicGetAsync(AuctionTopology.SingleQueue, autoAck: false);
                await channel.BasicNackAsync(message!.DeliveryTag, multiple: false, requeue: true);
            }
        }

        await Eventually.TrueAsync("the broker moved it", async () => await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue) == 1);
        var (_, listed) = await RunAsync(host.Uri, folder, "list");
        var (exitCode, _) = await RunAsync(host.Uri, folder, "replay", "--all");

        Assert.Contains(listed, t => t.Contains("RabbitMQ gave it up: delivery_limit", StringComparison.Ordinal) && t.Contains(" auction_queue ", StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
        Assert.Equal((1u, 0u), (await PlainClient.CountAsync(host.Uri, AuctionTopology.SingleQueue), await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue)));
    }

    [Fact]
    public async Task Replay_of_all_brings_them_to_where_they_came_from_as_they_were_and_the_consumer_handles_them()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 20);

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");
        var (_, received) = await ProgramUnderTest.RunAsync("Consumer.V1", folder, host.Uri, "--count", "20");

        Assert.Equal(0, exitCode);
        Assert.Contains("Letters to queue auction_queue: 20.", texts);
        Assert.Equal("Counts: received 20, sent 20, confirmed 20, returned 0, failed 0", texts[^1]);
        Assert.Equal("Counts: received 20, handled 20, dead-lettered 0, unacked 0", received[^1]);
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task A_letter_goes_back_by_its_exchange_with_its_own_id_body_and_headers_and_the_count_of_its_deaths()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await ProgramUnderTest.RunAsync("Consumer.V2", folder, host.Uri, "--idle-exit", "0.1");
        var (properties, body) = Letter("m-1", BidJson.Write(Some.Bid(item: "art")), queue: "auction_queue_art");
        properties.Headers![Dead.ExchangeHeader] = AuctionTopology.BidsExchange;
        properties.Headers![Dead.RoutingKeyHeader] = "bid.art";
        properties.Priority = 3;
        properties.UserId = "guest";
        await PutAsync(host.Uri, (properties, body));

        var (_, texts) = await RunAsync(host.Uri, folder, "replay", "m-1");

        Assert.Contains("Letters to exchange auction_bids with key bid.art: 1.", texts);
        var message = Assert.Single(await PlainClient.DrainAsync(host.Uri, "auction_queue_art"));
        Assert.Equal(body, message.Body.ToArray());
        Assert.Equal(("auction_bids", "bid.art"), (message.Exchange, message.RoutingKey));
        Assert.Equal(("m-1", "somebody", (byte)3, true), (message.BasicProperties.MessageId, message.BasicProperties.AppId, message.BasicProperties.Priority, message.BasicProperties.Persistent));
        Assert.Equal(("kept", "1"), (HeaderOf(message, "mine"), HeaderOf(message, Dead.DeathsHeader)));
        Assert.Single(message.BasicProperties.Headers!.Keys, k => k.StartsWith("auction-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_to_a_queue_takes_those_that_do_not_say_where_they_came_from()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, (new BasicProperties(), "a"u8.ToArray()), Letter("m-2", "b"u8.ToArray()));

        var (refused, refusal) = await RunAsync(host.Uri, folder, "replay", "--all");
        Assert.Equal(2u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        var (exitCode, _) = await RunAsync(host.Uri, folder, "replay", "--all", "--to", "auction_queue");

        Assert.Equal((1, 0), (refused, exitCode));
        Assert.StartsWith("1 of 2 letters do not say where they came from, as ", refusal[^1], StringComparison.Ordinal);
        Assert.EndsWith("Nothing was sent. Name the queue they shall go to with --to QUEUE.", refusal[^1], StringComparison.Ordinal);
        Assert.Equal(["a", "b"], (await PlainClient.DrainAsync(host.Uri, "auction_queue")).Select(m => Encoding.UTF8.GetString(m.Body.Span)));
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task What_no_queue_takes_stays_among_the_dead_letters_and_is_counted()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", "a"u8.ToArray()), Letter("m-2", "b"u8.ToArray(), queue: "gone"), Letter("m-3", "c"u8.ToArray()));

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");

        Assert.Equal(1, exitCode);
        Assert.Contains("No queue takes what goes to queue gone: those letters stay. Start a consumer, which declares its queue, or use --to QUEUE.", texts);
        Assert.Equal("Counts: received 3, sent 3, confirmed 2, returned 1, failed 0", texts[^1]);
        Assert.Equal(["m-2"], await DrainIdsAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.Equal(["m-1", "m-3"], await DrainIdsAsync(host.Uri, "auction_queue"));
    }

    [Fact]
    public async Task An_exchange_that_is_gone_is_named_and_nothing_is_sent()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var letter = Letter("m-1", "a"u8.ToArray());
        letter.Properties.Headers![Dead.ExchangeHeader] = "gone";
        await PutAsync(host.Uri, letter);

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");

        Assert.Equal(1, exitCode);
        Assert.Equal("There is no exchange gone for letters that came by it. Start a consumer, which declares it, or use --to QUEUE.", texts[^1]);
        Assert.Equal(1u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task What_fails_again_at_once_is_back_with_one_more_death_and_is_not_replayed_twice_in_a_run()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, [.. Enumerable.Range(0, 300).Select(i => Letter($"m-{i}", "garbage"u8.ToArray()))]);
        await using var consumer = ProgramUnderTest.Start("Consumer.V1", folder, host.Uri, "--quiet", "--count", "300");
        await consumer.LineAsync("Waiting for messages");

        var (_, texts) = await RunAsync(host.Uri, folder, "replay", "--all");
        Assert.Equal(0, await consumer.EndAsync());

        Assert.Equal("Counts: received 300, sent 300, confirmed 300, returned 0, failed 0", texts[^1]);
        Assert.Equal("Counts: received 300, handled 0, dead-lettered 300, unacked 0", consumer.Texts[^1]);
        var back = await PlainClient.DrainAsync(host.Uri, AuctionTopology.DeadLetterQueue);
        Assert.Equal(300, back.Count);
        Assert.All(back, m => Assert.Equal("2", HeaderOf(m, Dead.DeathsHeader)));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_go_where_and_changes_nothing()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", "a"u8.ToArray()), Letter("m-2", "b"u8.ToArray()), Letter("m-3", "c"u8.ToArray(), queue: "auction_queue_art"));

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all", "--dry-run");

        Assert.Equal(0, exitCode);
        Assert.Equal(["Would go to queue auction_queue: 2.", "Would go to queue auction_queue_art: 1."], texts.TakeLast(2));
        Assert.Equal(["m-1", "m-2", "m-3"], await DrainIdsAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, "auction_queue"));
    }

    [Fact]
    public async Task Replay_goes_on_after_its_connection_was_cut()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var proxy = new TcpProxy(host.Uri);
        await PutAsync(host.Uri, 600);
        await using var replay = ProgramUnderTest.Start(Program, folder, proxy.Uri, "replay", "--all");
        await ReplayedAsync(host.Uri, 50);
        proxy.Cut();

        await replay.LineAsync("Connected to RabbitMQ again after ");
        await replay.EndAsync();

        // The broker may have given back what was under way too late for the second connection: then it said so, with exit code 1.
        await RunAsync(host.Uri, folder, "replay", "--all");
        var ids = await DrainIdsAsync(host.Uri, "auction_queue");
        Assert.Equal(600, ids.Distinct().Count());
        Assert.InRange(ids.Count, 600, 600 + 64);
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task A_replay_that_is_killed_loses_no_letter_and_the_next_one_sends_the_rest()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 1000);
        await using (var killed = ProgramUnderTest.Start(Program, folder, host.Uri, "replay", "--all"))
        {
            await ReplayedAsync(host.Uri, 100);
            killed.Kill();
            await killed.EndAsync();
        }

        await Eventually.TrueAsync("the broker gives back what was under way", async () =>
            await PlainClient.CountAsync(host.Uri, "auction_queue") + await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue) >= 1000);
        var left = await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue);
        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");
        var (_, received) = await ProgramUnderTest.RunAsync("Consumer.V1", folder, host.Uri, "--idle-exit", "2");

        // Each letter's bid has an amount of its own.
        var handled = received.Where(t => t.StartsWith("Received message: ", StringComparison.Ordinal)).ToList();
        output.WriteLine($"Killed with {left} of 1000 letters left; {handled.Count - 1000} doubles. {texts[^2]}");
        Assert.Equal(0, exitCode);
        Assert.InRange(left, 1u, 999u);
        Assert.Equal(1000, handled.Distinct().Count());
        Assert.InRange(handled.Count, 1000, 1000 + 32);
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task Replay_of_a_thousand_letters_takes_seconds()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 1000);

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");

        output.WriteLine(texts[^2]);
        Assert.Equal((0, "Counts: received 1000, sent 1000, confirmed 1000, returned 0, failed 0"), (exitCode, texts[^1]));
        Assert.Equal(1000u, await PlainClient.CountAsync(host.Uri, "auction_queue"));
    }

    /// <summary>Waits until so many letters are in v1's queue. Asks without a pause: a replay is over in a second.</summary>
    private static async Task ReplayedAsync(Uri broker, int count)
    {
        using var patience = new CancellationTokenSource(ProgramUnderTest.Patience);
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: patience.Token);
        while (await channel.MessageCountAsync("auction_queue", patience.Token) < count)
        {
        }
    }
}
