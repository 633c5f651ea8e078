using System.Text.RegularExpressions;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Contract;

public sealed partial class ProducerOutputTests
{
    [Fact]
    public async Task Producer_v1_sends_one_message_and_ends()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Producer.V1", folder, host.Uri, "--seed", "7");

        Assert.Equal(0, exitCode);
        Assert.Matches("^producer_v1.0 started at ....-..-..T..:..:..[.].{6}[+]00:00[.]$", texts[0]);
        Assert.Matches("^Runs on .* with [.]NET 10.* in .*[.]$", texts[1]);
        Assert.Matches("^Sent message: {\"bidder_id\":\".*\",\"bid_amount\":[0-9.]+,\"timestamp\":\".*[+]00:00\",\"item\":\".*\",\"bidder_name\":\".*\",\"bidder_email\":\".*\"}$", texts[2]);
        Assert.Equal(["Closed RabbitMQ connection.", "Counts: sent 1, confirmed 1, returned 0, failed 0"], texts.Skip(3));
    }

    [Fact]
    public async Task Producer_v2_connects_for_each_message_until_it_is_stopped()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var producer = ProgramUnderTest.Start("Producer.V2", folder, host.Uri, "--interval", "0.1");

        for (var i = 0; i < 3; i++)
        {
            Assert.Matches("^Sent message to auction_queue_(electronics|furniture|art): {\"bidder_id\":.*}$", await producer.LineAsync("Sent message"));
            await producer.LineAsync("Closed RabbitMQ connection.");
        }

        producer.Interrupt();

        Assert.Equal(0, await producer.EndAsync());
        Assert.Contains("Producer interrupted. Exiting.", producer.Texts);
    }

    [Fact]
    public async Task Producer_v3_keeps_one_connection_and_closes_it_on_Ctrl_C()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, host.Uri, "--interval", "0.1");

        await producer.LineAsync("Producer started. Sending messages to RabbitMQ queues.");
        for (var i = 0; i < 3; i++)
        {
            Assert.Matches(SentLine(), await producer.LineAsync("Sent message"));
        }

        producer.Interrupt();

        Assert.Equal(0, await producer.EndAsync());
        Assert.Equal(
            ["Producer interrupted. Exiting.", "Closed RabbitMQ channel.", "Closed RabbitMQ connection."],
            producer.Texts.SkipWhile(t => !t.StartsWith("Producer interrupted", StringComparison.Ordinal)).SkipLast(1));
        Assert.Matches("^Counts: sent ([0-9]+), confirmed \\1, returned 0, failed 0$", producer.Texts[^1]);
    }

    [Fact]
    public async Task Each_line_of_the_log_file_has_time_program_and_level()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        await ProgramUnderTest.RunAsync("Producer.V3", folder, host.Uri, "--count", "2", "--interval", "0", "--logs", "mylogs");

        var lines = await File.ReadAllLinesAsync(folder["mylogs/producer_v3.0.log"]);
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\.producer_v3\.0\.INFO .", line));
        Assert.Equal(2, lines.Count(line => line.Contains(".INFO Sent message to auction_queue_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Monitor_y_opens_the_admin_site_and_monitor_n_does_not()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var browser = await folder.ScriptAsync("browser", $"echo \"$1\" > {folder["opened"]}.new && mv {folder["opened"]}.new {folder["opened"]}");
        var environment = new Dictionary<string, string?> { ["BROWSER"] = browser };

        await using var no = ProgramUnderTest.Start("Producer.V1", folder, host.Uri, environment, "--monitor", "n");
        await no.EndAsync();
        Assert.DoesNotContain("Opened RabbitMQ Admin site.", no.Texts);
        Assert.False(File.Exists(folder["opened"]));

        await using var yes = ProgramUnderTest.Start("Producer.V1", folder, host.Uri, environment, "--monitor", "y");
        await yes.EndAsync();
        Assert.Contains("Opened RabbitMQ Admin site.", yes.Texts);
        await Eventually.TrueAsync("the browser was called", () => File.Exists(folder["opened"]));
        Assert.Equal("http://localhost:15672/#/queues\n", await File.ReadAllTextAsync(folder["opened"]));
    }

    [Fact]
    public async Task A_producer_at_a_terminal_asks_whether_to_open_the_admin_site()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var output = await Terminal.RunAsync("Producer.V1", folder, host.Uri, "(y/n): ", answer: "n");

        Assert.Contains("Would you like to monitor RabbitMQ queues? (y/n): ", output, StringComparison.Ordinal);
        Assert.Contains("Sent message: {", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Opened RabbitMQ Admin site.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_logs_the_rate_instead_of_a_line_for_each_bid()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, host.Uri, "--interval", "0.01", "--quiet");

        Assert.Matches("^[0-9]+ bids/s, [0-9]+ confirmed so far[.]$", await producer.LineAsync(" bids/s"));
        producer.Interrupt();
        await producer.EndAsync();

        Assert.DoesNotContain(producer.Texts, t => t.StartsWith("Sent message", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^Sent message to auction_queue_(electronics|furniture|art): Bid Amount: \d+\.\d\d at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$")]
    private static partial Regex SentLine();
}
