using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

public sealed class DeadLetteringTests
{
    [Fact]
    public async Task Every_invalid_message_is_dead_lettered_with_its_reason_and_every_valid_one_is_handled()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (sentCode, sent) = await ProgramUnderTest.RunAsync(
            "Producer.V3", folder, host.Uri, "--bad-rate", "0.2", "--count", "2000", "--seed", "7", "--interval", "0", "--quiet");
        var (receivedCode, received) = await ProgramUnderTest.RunAsync("Consumer.V4", folder, host.Uri, "--count", "2000", "--quiet");

        // The same seed generates the same messages: the reasons expected in the dead letters.
        var generator = new BidGenerator(["electronics", "furniture", "art"], 7, 0.2, TimeProvider.System);
        var reasons = Enumerable.Range(0, 2000).Select(_ => generator.Next())
            .Where(m => m.Bid is null)
            .Select(m => BidJson.TryRead(m.Body.Span, out _, out var reason) ? "" : reason)
            .Order(StringComparer.Ordinal).ToList();
        var letters = await PlainClient.DrainAsync(host.Uri, AuctionTopology.DeadLetterQueue);

        Assert.Equal((0, 0), (sentCode, receivedCode));
        Assert.Equal("Counts: sent 2000, confirmed 2000, returned 0, failed 0", sent[^1]);
        Assert.StartsWith($"Counts: received 2000, handled {2000 - reasons.Count}, dead-lettered {reasons.Count}, unacked 0, waiting before 0, alerts ", received[^1], StringComparison.Ordinal);
        Assert.InRange(reasons.Count, 300, 500);
        Assert.Equal(reasons, letters.Select(l => Header(l, DeadLetterHeaders.Reason)).Order(StringComparer.Ordinal));
        Assert.All(letters, l => Assert.StartsWith("auction_queue_", Header(l, DeadLetterHeaders.Queue), StringComparison.Ordinal));
        Assert.DoesNotContain(received, t => t.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dead_letter_keeps_body_and_properties_and_names_its_origin()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using (var connection = await Rabbit.ConnectAsync(host.Uri))
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            await channel.QueueDeclareAsync("auction_queue", durable: true, exclusive: false, autoDelete: false);
            var properties = new BasicProperties { MessageId = "m-1", AppId = "somebody", Headers = new Dictionary<string, object?> { ["mine"] = "kept" } };
            await channel.BasicPublishAsync("", "auction_queue", mandatory: true, properties, "garbage"u8.ToArray());
        }

        await ProgramUnderTest.RunAsync("Consumer.V1", folder, host.Uri, "--count", "1");

        var letter = Assert.Single(await PlainClient.DrainAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.Equal("garbage", Encoding.UTF8.GetString(letter.Body.Span));
        Assert.Equal(("m-1", "somebody"), (letter.BasicProperties.MessageId, letter.BasicProperties.AppId));
        Assert.True(letter.BasicProperties.Persistent);
        Assert.Equal("kept", Header(letter, "mine"));
        Assert.Equal("the body is not JSON (byte 0)", Header(letter, DeadLetterHeaders.Reason));
        Assert.Equal("auction_queue", Header(letter, DeadLetterHeaders.Queue));
        Assert.Equal("", Header(letter, DeadLetterHeaders.Exchange));
        Assert.Equal("auction_queue", Header(letter, DeadLetterHeaders.RoutingKey));
        Assert.Equal("consumer_v1.0", Header(letter, DeadLetterHeaders.Program));
        Assert.Matches(@"^\d{4}-.*\+00:00$", Header(letter, DeadLetterHeaders.Time));
    }

    private static string Header(BasicGetResult message, string name) => Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![name]!);
}
