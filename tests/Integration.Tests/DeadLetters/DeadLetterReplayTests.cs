using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Xunit;
using Xunit.Abstractions;
using static AuctionTracker.Integration.Tests.DeadLetters.TestDeadLetters;

namespace AuctionTracker.Integration.Tests.DeadLetters;

public sealed class DeadLetterReplayTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Replay_of_all_publishes_them_to_where_they_came_from_and_the_consumer_handles_them()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 20);

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");
        var (_, received) = await ProgramUnderTest.RunAsync("Consumer.V1", folder, host.Uri, "--count", "20");

        Assert.Equal(0, exitCode);
        Assert.Contains("Dead letters to queue auction_queue: 20.", texts);
        Assert.Equal("Counts: received 20, sent 20, confirmed 20, returned 0, failed 0", texts[^1]);
        Assert.Equal("Counts: received 20, handled 20, dead-lettered 0, unacked 0", received[^1]);
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task Replay_keeps_exchange_id_body_and_headers_and_adds_the_number_of_deaths()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await ProgramUnderTest.RunAsync("Consumer.V2", folder, host.Uri, "--idle-exit", "0.1");
        var (properties, body) = Letter("m-1", BidJson.Write(Some.Bid(item: "art")), queue: "auction_queue_art");
        properties.Headers![DeadLetterHeaders.Exchange] = AuctionTopology.BidsExchange;
        properties.Headers![DeadLetterHeaders.RoutingKey] = "bid.art";
        properties.Priority = 3;
        properties.UserId = "guest";
        await PutAsync(host.Uri, (properties, body));

        var (_, texts) = await RunAsync(host.Uri, folder, "replay", "m-1");

        Assert.Contains("Dead letters to exchange auction_bids with key bid.art: 1.", texts);
        var message = Assert.Single(await PlainClient.DrainAsync(host.Uri, "auction_queue_art"));
        Assert.Equal(body, message.Body.ToArray());
        Assert.Equal(("auction_bids", "bid.art"), (message.Exchange, message.RoutingKey));
        Assert.Equal(("m-1", "somebody", (byte)3, true), (message.BasicProperties.MessageId, message.BasicProperties.AppId, message.BasicProperties.Priority, message.BasicProperties.Persistent));
        Assert.Equal(("kept", "1"), (HeaderOf(message, "mine"), HeaderOf(message, DeadLetterHeaders.Deaths)));
        Assert.Single(message.BasicProperties.Headers!.Keys, k => k.StartsWith("auction-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_to_a_queue_includes_dead_letters_of_unknown_origin()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, (new BasicProperties(), "a"u8.ToArray()), Letter("m-2", "b"u8.ToArray()));

        var (refused, refusal) = await RunAsync(host.Uri, folder, "replay", "--all");
        Assert.Equal(2u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        var (exitCode, _) = await RunAsync(host.Uri, folder, "replay", "--all", "--to", "auction_queue");

        Assert.Equal((1, 0), (refused, exitCode));
        Assert.StartsWith("1 of 2 dead letters do not say where they came from, for example ", refusal[^1], StringComparison.Ordinal);
        Assert.EndsWith("Nothing was sent. Name a queue for them with --to QUEUE.", refusal[^1], StringComparison.Ordinal);
        Assert.Equal(["a", "b"], (await PlainClient.DrainAsync(host.Uri, "auction_queue")).Select(m => Encoding.UTF8.GetString(m.Body.Span)));
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task A_dead_letter_that_no_queue_receives_stays_and_is_counted_as_returned()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", "a"u8.ToArray()), Letter("m-2", "b"u8.ToArray(), queue: "gone"), Letter("m-3", "c"u8.ToArray()));

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");

        Assert.Equal(1, exitCode);
        Assert.Contains("No queue receives what is published to queue gone: these dead letters stay. Start a consumer, which declares its queue, or use --to QUEUE.", texts);
        Assert.Equal("Counts: received 3, sent 3, confirmed 2, returned 1, failed 0", texts[^1]);
        Assert.Equal(["m-2"], await DrainIdsAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.Equal(["m-1", "m-3"], await DrainIdsAsync(host.Uri, "auction_queue"));
    }

    [Fact]
    public async Task An_exchange_that_does_not_exist_is_named_and_nothing_is_sent()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var letter = Letter("m-1", "a"u8.ToArray());
        letter.Properties.Headers![DeadLetterHeaders.Exchange] = "gone";
        await PutAsync(host.Uri, letter);

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");

        Assert.Equal(1, exitCode);
        Assert.Equal("The exchange gone, from which dead letters came, does not exist. Start a consumer, which declares it, or use --to QUEUE.", texts[^1]);
        Assert.Equal(1u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task A_message_that_fails_again_has_one_more_death_and_is_not_replayed_twice_in_a_run()
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
        Assert.All(back, m => Assert.Equal("2", HeaderOf(m, DeadLetterHeaders.Deaths)));
    }

    [Fact]
    public async Task A_dry_run_prints_the_destinations_and_changes_nothing()
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
    public async Task Replay_continues_after_a_lost_connection()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var proxy = new TcpProxy(host.Uri);
        await PutAsync(host.Uri, 600);
        await using var replay = ProgramUnderTest.Start(Program, folder, proxy.Uri, "replay", "--all");
        await ReplayedAsync(host.Uri, 50);
        proxy.Cut();

        await replay.LineAsync("Connected to RabbitMQ after ");
        await replay.EndAsync();

        // The broker may give back the pending dead letters too late for the second connection; then the first replay ends with exit code 1.
        await RunAsync(host.Uri, folder, "replay", "--all");
        var ids = await DrainIdsAsync(host.Uri, "auction_queue");
        Assert.Equal(600, ids.Distinct().Count());
        Assert.InRange(ids.Count, 600, 600 + 64);
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task A_killed_replay_loses_no_dead_letter_and_the_next_replay_sends_the_rest()
    {
        const int Count = 3000; // enough that a busy machine kills the replay before its end
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Count);
        await using (var killed = ProgramUnderTest.Start(Program, folder, host.Uri, "replay", "--all"))
        {
            await ReplayedAsync(host.Uri, 100);
            killed.Kill();
            await killed.EndAsync();
        }

        await Eventually.TrueAsync("the broker gives back what was under way", async () =>
            await PlainClient.CountAsync(host.Uri, "auction_queue") + await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue) >= Count);
        var left = await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue);
        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");
        var (_, received) = await ProgramUnderTest.RunAsync("Consumer.V1", folder, host.Uri, "--idle-exit", "2");

        // Each bid has another amount.
        var handled = received.Where(t => t.StartsWith("Received message: ", StringComparison.Ordinal)).ToList();
        output.WriteLine($"Killed with {left} of {Count} dead letters left; {handled.Count - Count} doubles. {texts[^2]}");
        Assert.Equal(0, exitCode);
        Assert.InRange(left, 1u, (uint)Count - 1);
        Assert.Equal(Count, handled.Distinct().Count());
        Assert.InRange(handled.Count, Count, Count + 32);
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task A_thousand_dead_letters_are_replayed_within_seconds()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 1000);

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "replay", "--all");

        output.WriteLine(texts[^2]);
        Assert.Equal((0, "Counts: received 1000, sent 1000, confirmed 1000, returned 0, failed 0"), (exitCode, texts[^1]));
        Assert.Equal(1000u, await PlainClient.CountAsync(host.Uri, "auction_queue"));
    }

    /// <summary>Waits until v1's queue holds so many messages. Polls without a pause, because a replay takes about a second.</summary>
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
