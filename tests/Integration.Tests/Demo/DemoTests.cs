using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task Fifty_bids_are_sent_received_and_add_up()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Demo", folder, host.Uri, "--bids", "50", "--interval", "0", "--bad-rate", "0.1", "--seed", "5");

        Assert.True(exitCode == 0, string.Join('\n', texts));
        Assert.Contains(texts, t => t.StartsWith("RabbitMQ's admin site: http://localhost:", StringComparison.Ordinal) || t == "RabbitMQ's admin site: this broker has none");
        Assert.Contains(texts, t => t.StartsWith("The dashboard: http://localhost:", StringComparison.Ordinal) || t.Contains("The dashboard can't listen on", StringComparison.Ordinal));
        Assert.Contains("Alerts of bids above 800.00 go to outbox/ as .eml files", texts);
        Assert.Contains(texts, t => t.StartsWith("Producer.V3 | ", StringComparison.Ordinal) && t.EndsWith("Counts: sent 50, confirmed 50, returned 0, failed 0", StringComparison.Ordinal));
        var counts = Table(texts);
        Assert.Equal((50, 50, 50), (counts["sent"], counts["confirmed"], counts["received"]));
        Assert.True(counts["dead-lettered"] > 0);
        Assert.Equal(50 - counts["dead-lettered"], counts["handled"]);
        Assert.Equal(counts["alerts"], counts["mails"]);
        Assert.Equal(counts["mails"], Directory.GetFiles(folder["outbox"]).Length);
    }

    [Fact]
    public async Task A_file_is_replayed()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(
            "Demo", folder, host.Uri, "--replay", Path.Combine(AppContext.BaseDirectory, "Data", "auctions.csv"), "--speed", "0");

        Assert.True(exitCode == 0, string.Join('\n', texts));
        var counts = Table(texts);
        Assert.Equal((8, 8, 8, 5), (counts["sent"], counts["confirmed"], counts["received"], counts["mails"]));
    }

    [Fact]
    public async Task Ctrl_C_stops_the_producer_lets_the_consumer_finish_and_the_counts_add_up()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var demo = ProgramUnderTest.Start("Demo", folder, host.Uri, "--interval", "0.01");
        await demo.LineAsync("Received ");

        demo.Interrupt();

        Assert.Equal(0, await demo.EndAsync());
        Assert.Contains("Demo interrupted. The producer stops, the consumer reads what is left.", demo.Texts);
        var counts = Table(demo.Texts);
        Assert.Equal(counts["sent"], counts["received"]);
    }

    [Fact]
    public async Task Bids_that_waited_from_before_are_counted_too()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PlainClient.SendAsync(host.Uri, "auction_queue_art", Core.Bids.BidJson.Write(Some.Bid()));

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Demo", folder, host.Uri, "--bids", "3", "--interval", "0");

        Assert.Equal(0, exitCode);
        var counts = Table(texts);
        Assert.Equal((3, 1, 4), (counts["confirmed"], counts["waiting before"], counts["received"]));
    }

    [Fact]
    public async Task With_sales_auctions_close_are_settled_and_everything_adds_up()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Demo", folder, host.Uri, "--sales", "--bids", "100", "--interval", "0.1", "--bad-rate", "0.05", "--seed", "5");

        Assert.True(exitCode == 0, string.Join('\n', texts));
        var counts = Table(texts);
        Assert.Equal((100, 100, 100), (counts["confirmed"], counts["received"], counts["bids at auctions"]));
        Assert.Equal(100 - counts["dead-lettered"], counts["recorded"]);
        Assert.Equal(counts["recorded"], counts["in auctions"] + counts["late"]);
        Assert.InRange(counts["sold"] + counts["unsold"], 5, 100);
        Assert.Equal((counts["sold"], counts["sold"], counts["sold"]), (counts["settled"], counts["winners mailed"], counts["stock taken"]));
        Assert.Equal(counts["sold"], Directory.GetFiles(folder["outbox/winners"]).Length);
        Assert.Equal(counts["recorded"], Directory.GetFiles(folder["data/demo/bids"]).Sum(file => File.ReadLines(file).Count()));
        foreach (var queue in new[] { "auction_auctioneer", "auction_settlement", "auction_record_demo_sales" })
        {
            Assert.False(await PlainClient.ExistsAsync(host.Uri, queue));
        }
    }

    [Fact]
    public async Task All_lines_are_in_one_file_in_order_of_time_and_those_of_earlier_runs_are_not()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["logs"]);
        folder.Write("logs/old.log", "2024-01-01 00:00:00,000.old.INFO before\n");

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Demo", folder, host.Uri, "--bids", "20", "--interval", "0.01");

        Assert.True(exitCode == 0, string.Join('\n', texts));
        Assert.Contains(texts, text => text == $"All lines in order of time: {Path.Combine("logs", "all.log")}");
        var lines = await File.ReadAllLinesAsync(folder["logs/all.log"]);
        Assert.Equal(lines.Order(Comparer<string>.Create((a, b) => string.CompareOrdinal(a[..23], b[..23]))), lines); // the order is stable
        Assert.Equal(
            ["consumer_v4.0", "dashboard", "demo", "producer_v3.0"],
            lines.Select(line => line[24..line.LastIndexOf(".INFO ", StringComparison.Ordinal)]).Distinct().Order());
        Assert.Equal(20, lines.Count(line => line.Contains(".producer_v3.0.INFO Sent message to ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Another_consumer_would_take_bids_so_the_demo_says_so_and_does_not_start()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PlainClient.SendAsync(host.Uri, "auction_queue_art", Core.Bids.BidJson.Write(Some.Bid()));
        await using var other = ProgramUnderTest.Start("Consumer.V3", folder, host.Uri);
        await other.LineAsync("Rolling window");

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Demo", folder, host.Uri, "--bids", "3");

        Assert.Equal(1, exitCode);
        Assert.Contains(texts, t => t.StartsWith("Another consumer reads auction_queue_", StringComparison.Ordinal));
    }

    private static Dictionary<string, int> Table(IReadOnlyList<string> texts) => texts
        .Select(t => t.Split('│', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length == 5 && int.TryParse(cells[2], out _))
        .ToDictionary(cells => cells[1], cells => int.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture));
}
