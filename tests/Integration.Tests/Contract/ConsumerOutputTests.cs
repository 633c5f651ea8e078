using AuctionTracker.Core.Bids;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Contract;

public sealed class ConsumerOutputTests
{
    private static readonly Bid Art =
        new("a1", 931.43m, new DateTimeOffset(2024, 6, 12, 3, 57, 6, TimeSpan.Zero).AddMicroseconds(441262), "art", "Ada", "ada@example.com");

    private const string ArtBid = "931.43 at 2024-06-12T03:57:06.441262+00:00";

    [Fact]
    public async Task Consumer_v1_logs_each_message_of_the_single_queue()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PlainClient.SendAsync(host.Uri, "auction_queue", BidJson.Write(Art));

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Consumer.V1", folder, host.Uri, "--count", "1");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            [
                "Starting consumer. Waiting for messages...",
                "Received message: {\"bidder_id\":\"a1\",\"bid_amount\":931.43,\"timestamp\":\"2024-06-12T03:57:06.441262+00:00\",\"item\":\"art\",\"bidder_name\":\"Ada\",\"bidder_email\":\"ada@example.com\"}",
                "Counts: received 1, handled 1, dead-lettered 0, unacked 0",
            ],
            texts.Skip(2));
    }

    [Fact]
    public async Task Consumer_v2_logs_the_item_of_each_message()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PlainClient.SendAsync(host.Uri, "auction_queue_art", BidJson.Write(Art));

        var (_, texts) = await ProgramUnderTest.RunAsync("Consumer.V2", folder, host.Uri, "--count", "1");

        Assert.Contains($"Received art message: {BidJson.ToText(Art)}", texts);
    }

    [Fact]
    public async Task Consumer_v3_keeps_a_rolling_window_for_each_item()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        for (var i = 0; i < 7; i++)
        {
            await PlainClient.SendAsync(host.Uri, "auction_queue_art", BidJson.Write(Art with { Amount = 10 + i }));
        }

        var (_, texts) = await ProgramUnderTest.RunAsync("Consumer.V3", folder, host.Uri, "--count", "7");

        const string At = "at 2024-06-12T03:57:06.441262+00:00";
        Assert.Equal(
            [.. Enumerable.Range(0, 7).SelectMany(i => new[]
            {
                $"Received art message: Bid Amount: {10 + i}.00 {At}",
                $"Rolling window for art updated. Size: {Math.Min(i + 1, 5)}, Latest bid: {10 + i}.00 {At}",
            })],
            texts.Where(t => t.StartsWith("Rec", StringComparison.Ordinal) || t.StartsWith("Rol", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Consumer_v4_alerts_above_the_threshold_only()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PlainClient.SendAsync(host.Uri, "auction_queue_art", BidJson.Write(Art with { Amount = 800m }));
        await PlainClient.SendAsync(host.Uri, "auction_queue_art", BidJson.Write(Art));

        var (_, texts) = await ProgramUnderTest.RunAsync("Consumer.V4", folder, host.Uri, "--count", "2");

        var rule = new string('=', 40);
        Assert.Equal("No mail is set up: alerts are written to outbox/ as .eml files. Set outgoing_email_host to mail them.", texts[2]);
        var eml = Assert.Single(Directory.GetFiles(folder["outbox"]));
        Assert.Equal(
            [
                "Received art message: 800.00 at 2024-06-12T03:57:06.441262+00:00",
                "Rolling window for art updated. Size: 1, Latest bid: 800.00 at 2024-06-12T03:57:06.441262+00:00",
                $"Received art message: {ArtBid}",
                $"Rolling window for art updated. Size: 2, Latest bid: {ArtBid}",
                $"High bid alert: {ArtBid}. Sending email alert.",
                rule, "Prepared Email Message:", rule,
                "From: auction-tracker@localhost", "To: you@localhost", "Reply-to: auction-tracker@localhost",
                "Subject: High Bid Alert: Art - $931.43", "",
                "A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.",
                rule, $"Wrote outbox/{Path.GetFileName(eml)}.", rule,
                "Counts: received 2, handled 2, dead-lettered 0, unacked 0, waiting before 0, alerts 1, mailed 1, refused 0, waiting 0, mails 1",
            ],
            texts.Skip(4));
    }

    [Theory]
    [InlineData("Consumer.V1")]
    [InlineData("Consumer.V2")]
    [InlineData("Consumer.V3")]
    [InlineData("Consumer.V4")]
    public async Task Ctrl_C_and_SIGTERM_end_a_consumer_with_exit_code_0(string name)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var interrupted = ProgramUnderTest.Start(name, folder, host.Uri);
        await interrupted.LineAsync("Starting consumer. Waiting for messages...");
        interrupted.Interrupt();
        Assert.Equal(0, await interrupted.EndAsync());
        Assert.Contains("Consumer interrupted. Closing connection.", interrupted.Texts);

        await using var terminated = ProgramUnderTest.Start(name, folder, host.Uri);
        await terminated.LineAsync("Starting consumer. Waiting for messages...");
        terminated.Terminate();
        Assert.Equal(0, await terminated.EndAsync());
    }

    [Fact]
    public async Task A_name_with_control_characters_reaches_console_and_log_escaped()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PlainClient.SendAsync(host.Uri, "auction_queue_art", BidJson.Write(Art with { Item = "art\u001b[2J\r\nEvil: 1", BidderName = "\u202eeve" }));

        var (_, texts) = await ProgramUnderTest.RunAsync("Consumer.V4", folder, host.Uri, "--count", "1");

        Assert.Contains(texts, t => t.StartsWith(@"Received art\u001b[2J\u000d\u000aEvil: 1 message: 931.43", StringComparison.Ordinal));
        var log = await File.ReadAllTextAsync(folder["logs/consumer_v4.0.log"]);
        Assert.DoesNotContain('\u001b', log);
        Assert.DoesNotContain('\u001b', string.Concat(texts));
        var eml = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder["outbox"])));
        Assert.DoesNotContain("\nEvil:", eml, StringComparison.Ordinal);
    }
}
