using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

public sealed class InvalidMessageTests
{
    private const int Count = 1_000;

    [Fact]
    public async Task Random_bodies_and_hostile_properties_are_dead_lettered_and_the_consumer_continues()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var good = await FillAsync(host.Uri);

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(
            "Consumer.V4", folder, host.Uri, "--count", Count.ToString(System.Globalization.CultureInfo.InvariantCulture), "--threshold", "0");

        Assert.Equal(0, exitCode);
        Assert.Equal($"Counts: received {Count}, handled {good}, dead-lettered {Count - good}, unacked 0, waiting before 0, alerts {good}, mailed {good}, refused 0, waiting 0, mails {good}", texts[^1]);
        Assert.Equal((uint)(Count - good), await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.Equal(good, Directory.GetFiles(folder["outbox"]).Length);
        Assert.DoesNotContain(texts, t => t.Any(char.IsControl) || t.StartsWith("   at ", StringComparison.Ordinal));
    }

    /// <summary>Publishes valid bids, truncated bids and random bytes, with paths, escape sequences and markup in their properties.</summary>
    /// <returns>How many are valid bids.</returns>
    private static async Task<int> FillAsync(Uri broker)
    {
        var random = new Random(42);
        var good = 0;
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.QueueDeclareAsync("auction_queue_art", durable: true, exclusive: false, autoDelete: false);
        for (var i = 0; i < Count; i++)
        {
            var body = BidJson.Write(Some.Bid(item: "a\u001b]0;t\u0007rt\r\n", bidderName: "\u202e</script>"));
            if (i % 10 != 0)
            {
                body = body[..random.Next(body.Length)];
                random.NextBytes(body.AsSpan(body.Length / 2));
            }

            good += BidJson.TryRead(body, out _, out _) ? 1 : 0;
            var properties = new BasicProperties
            {
                MessageId = $"../../{i}\u001b[31m\r\n<b>",
                ContentType = "application/x-nothing",
                CorrelationId = new string('c', 200),
                Headers = new Dictionary<string, object?>
                {
                    ["auction-reason"] = "mine",
                    ["auction-deaths"] = "many",
                    ["nested"] = new Dictionary<string, object?> { ["list"] = new List<object?> { 1, "two", null } },
                    ["large"] = Encoding.UTF8.GetBytes(new string('x', random.Next(10_000))),
                },
            };
            await channel.BasicPublishAsync("", "auction_queue_art", mandatory: true, properties, body);
        }

        return good;
    }
}
