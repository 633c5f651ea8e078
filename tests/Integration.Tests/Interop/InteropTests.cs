using System.Text;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Interop;

/// <summary>A client in another language (Python's pika) that declares queues plainly and sends messages without properties.</summary>
public sealed class InteropTests
{
    private const string Bid =
        """{"bidder_id": "p1", "bid_amount": 931.43, "timestamp": "2024-06-12T03:57:06.441262", "item": "art", "bidder_name": "Zo\u00eb", "bidder_email": "z@example.com"}""";

    [Theory]
    [InlineData("Consumer.V1", "auction_queue", true)]
    [InlineData("Consumer.V1", "auction_queue", false)]
    [InlineData("Consumer.V3", "auction_queue_art", true)]
    [InlineData("Consumer.V3", "auction_queue_art", false)]
    public async Task Pika_feeds_our_consumers_whoever_declared_the_queue_first(string consumer, string queue, bool pikaFirst)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        if (!pikaFirst)
        {
            await ProgramUnderTest.RunAsync(consumer, folder, host.Uri, "--idle-exit", "0.1");
        }

        await PikaAsync(host.Uri, "send", queue, Bid);
        var (exitCode, texts) = await ProgramUnderTest.RunAsync(consumer, folder, host.Uri, "--count", "1");

        Assert.Equal(0, exitCode);
        Assert.Contains(texts, t => t.StartsWith("Received ", StringComparison.Ordinal) && t.Contains("931.43", StringComparison.Ordinal) && t.Contains("2024-06-12T03:57:06.441262+00:00", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Producer.V1", "auction_queue", true)]
    [InlineData("Producer.V1", "auction_queue", false)]
    [InlineData("Producer.V2", "auction_queue_art", true)]
    [InlineData("Producer.V3", "auction_queue_art", false)]
    public async Task Pika_reads_our_producers_whoever_declared_the_queue_first(string producer, string queue, bool pikaFirst)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        if (pikaFirst)
        {
            await PikaAsync(host.Uri, "declare", queue);
        }

        var (exitCode, _) = await ProgramUnderTest.RunAsync(producer, folder, host.Uri, "--count", "1", "--items", "art");
        var read = await PikaAsync(host.Uri, "read", queue);

        Assert.Equal(0, exitCode);
        Assert.Matches(
            "^keys=bid_amount,bidder_email,bidder_id,bidder_name,item,timestamp amount=number item=art " +
            "delivery_mode=2 content_type=application/json message_id=[0-9a-f-]{36} app_id=producer_v[123].0$",
            read.Trim());
    }

    private static async Task<string> PikaAsync(Uri broker, params string[] arguments)
    {
        await DebianPackages.RequireAsync("python3-pika");
        var output = new StringBuilder();
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "plain_client.py");
        await using var process = OwnedProcess.Start(
            "/usr/bin/python3", [script, broker.ToString(), .. arguments], onOutput: l => output.AppendLine(l), onError: l => output.AppendLine(l));
        Assert.True(await process.Exited.WaitAsync(ProgramUnderTest.Patience) == 0, output.ToString());
        return output.ToString();
    }
}
