using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

public sealed class BrokerFailureTests
{
    [Fact]
    public async Task An_alarm_is_said_once_and_publishing_goes_on_when_it_is_lifted()
    {
        await using var broker = await OwnAsync();
        using var folder = new TempFolder();
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, broker.Uri, "--interval", "0.01");
        await producer.LineAsync("Sent message");

        await broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.00001");
        await producer.LineAsync("RabbitMQ takes no messages for now (");
        await broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.4");
        await producer.LineAsync("RabbitMQ takes messages again after ");
        await producer.LineAsync("Sent message");
        producer.Interrupt();

        Assert.Equal(0, await producer.EndAsync());
        Assert.Single(producer.Texts, t => t.StartsWith("RabbitMQ takes no messages", StringComparison.Ordinal));
        Assert.DoesNotContain(producer.Texts, t => t.StartsWith("Connection to RabbitMQ lost", StringComparison.Ordinal));
        Assert.Matches("^Counts: sent ([0-9]+), confirmed \\1, returned 0, failed 0$", producer.Texts[^1]);
    }

    [Fact]
    public async Task After_a_restart_and_after_kill_9_of_the_broker_producer_and_consumer_go_on_and_no_bid_is_missing()
    {
        await using var broker = await OwnAsync();
        using var folder = new TempFolder();
        await using var consumer = ProgramUnderTest.Start("Consumer.V2", folder, broker.Uri, "--wait");
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, broker.Uri, "--interval", "0.002", "--wait");
        await consumer.LineAsync("Received ");

        await broker.RestartAsync(); // in order; and a 3.x node killed seconds after a queue was declared may forget the queue
        await BackAsync();
        await broker.KillAsync();
        await broker.RestartAsync();
        await BackAsync();
        producer.Interrupt();

        Assert.Equal(0, await producer.EndAsync());
        var sent = Times(producer, "Sent message");
        Assert.NotEmpty(sent);
        await Eventually.TrueAsync("the consumer has read every bid that was sent", () => sent.IsSubsetOf(Times(consumer, "Received ")));

        async Task BackAsync()
        {
            await producer.LineAsync("Connection to RabbitMQ lost (");
            await consumer.LineAsync("Connection to RabbitMQ lost (");
            await producer.LineAsync("Connected to RabbitMQ again after ");
            await consumer.LineAsync("Connected to RabbitMQ again after ");
            await consumer.LineAsync("Received ");
        }
    }

    private static Task<RunningBroker> OwnAsync() => RunningBroker.StartAsync(
        new BrokerRequest { Killable = true }, Console.WriteLine, TimeProvider.System, CancellationToken.None);

    /// <summary>The times of the bids in lines that begin so: no two bids of one producer have the same.</summary>
    private static HashSet<string> Times(ProgramUnderTest program, string beginning) =>
        [.. program.Texts.Where(t => t.StartsWith(beginning, StringComparison.Ordinal))
            .Select(t => System.Text.RegularExpressions.Regex.Match(t, @"\d{4}-\d\d-\d\dT[0-9:.]+").Value)];
}
