using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Replay;

public sealed class ReplayTests
{
    private static readonly string Auctions = Path.Combine(AppContext.BaseDirectory, "Data", "auctions.csv");

    [Fact]
    public async Task A_csv_is_sent_by_time_to_a_queue_for_each_item_with_its_auction()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Replay", folder, host.Uri, Auctions, "--speed", "0", "--opening", "2001-02-03");

        Assert.Equal(0, exitCode);
        Assert.Contains($"{Auctions}: 8 bids on 2 items, 0 bad rows.", texts);
        Assert.Contains("Nobody reads auction_queue_gold_watch yet: dotnet run --project src/Consumer.V4 -- --items \"Gold watch,Game console\"", texts);
        Assert.Equal("Counts: bad rows 0, sent 8, confirmed 8, returned 0, failed 0", texts[^1]);
        var watch = (await PlainClient.DrainAsync(host.Uri, "auction_queue_gold_watch")).Select(m => Read(m.Body.Span)).ToList();
        Assert.Equal(
            [
                new Bid("alice", 900m, At("2001-02-03T12:00:00Z"), "Gold watch", "alice", "alice@bidder.invalid", "1") { AuctionCloses = At("2001-02-06T00:00:00Z"), AuctionOpening = 99 },
                new Bid("bob*1", 1000.5m, At("2001-02-04T06:00:00Z"), "Gold watch", "bob*1", "bob*1@bidder.invalid", "1") { AuctionCloses = At("2001-02-06T00:00:00Z"), AuctionOpening = 99 },
                new Bid("alice", 1200m, At("2001-02-05T21:36:00Z"), "Gold watch", "alice", "alice@bidder.invalid", "1") { AuctionCloses = At("2001-02-06T00:00:00Z"), AuctionOpening = 99 },
            ],
            watch);
        var console = (await PlainClient.DrainAsync(host.Uri, "auction_queue_game_console")).Select(m => Read(m.Body.Span).Amount);
        Assert.Equal([801m, 800m, 12.34m, 15m, 850m], console);
    }

    [Fact]
    public async Task Another_csv_is_mapped_by_its_columns()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["sales.csv"], "when;who;what;price\n2024-01-01T10:00:00+02:00;\"Smith; J\";Vase;10.50\n");

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(
            "Replay", folder, host.Uri, "sales.csv", "--map", "timestamp=when,bidder_id=who,item=what,bid_amount=price", "--speed", "0");

        Assert.Equal(0, exitCode);
        Assert.Equal("Counts: bad rows 0, sent 1, confirmed 1, returned 0, failed 0", texts[^1]);
        var bid = Read(Assert.Single(await PlainClient.DrainAsync(host.Uri, "auction_queue_vase")).Body.Span);
        Assert.Equal(new Bid("Smith; J", 10.50m, At("2024-01-01T08:00:00Z"), "Vase", "Smith; J", "Smith; J@bidder.invalid"), bid);
    }

    [Fact]
    public async Task Json_lines_of_the_wire_format_are_sent_as_they_are()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        Bid[] bids = [Some.Bid(20m, "art", Some.Time.AddSeconds(1)), Some.Bid(10m, "art", auctionId: "7")];
        await File.WriteAllLinesAsync(folder["bids.jsonl"], [BidJson.ToText(bids[0]), "", "{\"oops\": 1}", BidJson.ToText(bids[1])]);

        var (_, texts) = await ProgramUnderTest.RunAsync("Replay", folder, host.Uri, "bids.jsonl", "--speed", "0");

        Assert.Contains("bids.jsonl:3: bidder_id is missing. Not sent.", texts);
        Assert.Equal("Counts: bad rows 1, sent 2, confirmed 2, returned 0, failed 0", texts[^1]);
        Assert.Equal([bids[1], bids[0]], (await PlainClient.DrainAsync(host.Uri, "auction_queue_art")).Select(m => Read(m.Body.Span)));
    }

    [Fact]
    public async Task A_bad_row_is_named_with_its_line_and_not_sent()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(
            folder["bad.csv"],
            "auctionid,bid,bidtime,bidder,item\n1,-5,1,a,art\n1,5,1,a\"b,art\n1,7,1\n1,\"8,1,a,art\n1,many,1,a,art\n1,9,1e99,a,art\n1,9,1,a,?\n1,9,1,a,art\n");

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Replay", folder, host.Uri, "bad.csv", "--speed", "0");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            [
                "bad.csv:2: bid_amount is not above zero. Not sent.",
                "bad.csv:3: a quote is misplaced, or not closed. Not sent.",
                "bad.csv:4: it has 3 columns instead of 5. Not sent.",
                "bad.csv:5: a quote is not closed. Not sent.",
                "bad.csv:6: bid_amount is not a number. Not sent.",
                "bad.csv:7: timestamp is neither an ISO 8601 time nor a number. Not sent.",
                "bad.csv:8: item has neither a letter nor a digit. Not sent.",
            ],
            texts.Where(t => t.EndsWith("Not sent.", StringComparison.Ordinal)));
        Assert.Equal("Counts: bad rows 7, sent 1, confirmed 1, returned 0, failed 0", texts[^1]);
    }

    [Fact]
    public async Task A_missing_column_is_said_with_the_columns_there_are()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["x.csv"], "who,price\na,1\n");

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Replay", folder, null, "x.csv", "--map", "bidder_id=who");

        Assert.Equal(1, exitCode);
        Assert.Contains("x.csv has no column bid_amount. Name the one that holds bid_amount with --map bid_amount=COLUMN; its columns are who, price. " +
            "Where the first line is a bid, name the columns with --columns.", texts);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_slow_replay_with_its_counts()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var replay = ProgramUnderTest.Start("Replay", folder, host.Uri, Auctions, "--speed", "1", "--quiet");
        await replay.LineAsync("2 confirmed so far.");

        replay.Interrupt();

        Assert.Equal(0, await replay.EndAsync());
        Assert.Contains("Replay interrupted. Exiting.", replay.Texts);
        Assert.Equal("Counts: bad rows 0, sent 2, confirmed 2, returned 0, failed 0", replay.Texts[^1]);
    }

    [Fact]
    public async Task Bids_of_more_items_than_a_broker_should_have_queues_go_to_the_default_queue()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllLinesAsync(folder["titles.jsonl"], Enumerable.Range(0, 60).Select(i => BidJson.ToText(Some.Bid(item: $"title {i}"))));

        var (_, texts) = await ProgramUnderTest.RunAsync("Replay", folder, host.Uri, "titles.jsonl", "--speed", "0");

        Assert.Equal("Counts: bad rows 0, sent 60, confirmed 60, returned 0, failed 0", texts[^1]);
        Assert.Equal(60u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DefaultQueue));
    }

    private static Bid Read(ReadOnlySpan<byte> body) => BidJson.TryRead(body, out var bid, out var reason) ? bid : throw new InvalidDataException(reason);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
