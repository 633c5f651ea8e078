using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

/// <summary>What producers and consumers do when their broker fails; the tests share one broker that they may kill.</summary>
public sealed class BrokerFailureTests(KillableBroker killable) : IClassFixture<KillableBroker>
{
    [Fact]
    public async Task A_blocked_connection_is_logged_once_and_publishing_continues_when_the_alarm_clears()
    {
        var broker = killable.Broker;
        using var folder = new TempFolder();
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, broker.Uri, "--interval", "0.01");
        await producer.LineAsync("Sent message");

        await broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.00001");
        await producer.LineAsync("RabbitMQ blocked the connection (");
        await broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.4");
        await producer.LineAsync("RabbitMQ unblocked the connection after ");
        await producer.LineAsync("Sent message");
        producer.Interrupt();

        Assert.Equal(0, await producer.EndAsync());
        Assert.Single(producer.Texts, t => t.StartsWith("RabbitMQ blocked the connection", StringComparison.Ordinal));
        Assert.DoesNotContain(producer.Texts, t => t.StartsWith("Connection to RabbitMQ lost", StringComparison.Ordinal));
        Assert.Matches("^Counts: sent ([0-9]+), confirmed \\1, returned 0, failed 0$", producer.Texts[^1]);
    }

    [Fact]
    public async Task After_a_restart_and_a_kill_9_of_the_broker_producer_and_consumer_continue_and_no_bid_is_lost()
    {
        var broker = killable.Broker;
        using var folder = new TempFolder();
        await using var consumer = ProgramUnderTest.Start("Consumer.V2", folder, broker.Uri, "--wait");
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, broker.Uri, "--interval", "0.002", "--wait");
        await producer.LineAsync("Sent message");
        await consumer.LineAsync("Received ");

        await PlainClient.DeclareAsync(broker.Uri, "kept");
        await broker.RestartAsync(); // an orderly stop first: a 3.x node killed seconds after a queue was declared may lose the queue
        await ReconnectAsync();
        await PlainClient.PublishAsync(broker.Uri, "kept", "still here"u8.ToArray());
        await broker.KillAsync();
        Assert.True(broker.Ended.IsCompleted);
        await broker.RestartAsync();
        Assert.False(broker.Ended.IsCompleted);
        await ReconnectAsync();
        producer.Interrupt();

        Assert.Equal("still here"u8.ToArray(), Assert.Single(await PlainClient.DrainAsync(broker.Uri, "kept")).Body.ToArray());
        Assert.Equal(0, await producer.EndAsync());
        var sent = Times(producer, "Sent message");
        Assert.NotEmpty(sent);
        await Eventually.TrueAsync("the consumer has read every bid that was sent", () => sent.IsSubsetOf(Times(consumer, "Received ")));

        async Task ReconnectAsync()
        {
            await producer.LineAsync("Connection to RabbitMQ lost (");
            await consumer.LineAsync("Connection to RabbitMQ lost (");
            await producer.LineAsync("Connected to RabbitMQ after ");
            await consumer.LineAsync("Connected to RabbitMQ after ");
            await consumer.LineAsync("Received ");
        }
    }

    /// <summary>The times of the bids in lines with this beginning. A bid's time identifies it: there is one producer.</summary>
    private static HashSet<string> Times(ProgramUnderTest program, string beginning) =>
        [.. program.Texts.Where(t => t.StartsWith(beginning, StringComparison.Ordinal))
            .Select(t => System.Text.RegularExpressions.Regex.Match(t, @"\d{4}-\d\d-\d\dT[0-9:.]+").Value)];
}

/// <summary>A broker of its own for a test class, which may be killed and restarted. Each test leaves it running.</summary>
public sealed class KillableBroker : IAsyncLifetime
{
    public RunningBroker Broker { get; private set; } = null!;

    public async Task InitializeAsync() => Broker = await RunningBroker.StartAsync(
        new BrokerRequest { Killable = true }, Console.WriteLine, TimeProvider.System, CancellationToken.None);

    public async Task DisposeAsync() => await Broker.DisposeAsync();
}
