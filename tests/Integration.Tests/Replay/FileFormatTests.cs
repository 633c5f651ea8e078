using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Replay;

/// <summary>
/// CSV files as other programs write them. The numbers of rows are those of Python's csv module; for the files it can't read
/// (an unclosed quote, a row over 1 MiB) they are counted by hand.
/// </summary>
public sealed class FileFormatTests
{
    private const string EbayColumns = "auctionid,bid,bidtime,bidder,bidderrate,openbid,price,item,auction_type";

    /// <summary>The amounts of auctions.csv in the order of their time.</summary>
    private static readonly decimal[] Amounts = [801m, 800m, 900m, 1000.5m, 1200m, 12.34m, 15m, 850m];

    [Theory]
    [InlineData("headerless.csv", "--columns", EbayColumns)]
    [InlineData("decimal-comma.csv", "--decimal", "comma")]
    [InlineData("decimal-comma.csv", "--decimal", "comma", "--delimiter", "semicolon")]
    [InlineData("decimal-comma.csv", "--decimal", "comma", "--delimiter", ";")]
    [InlineData("tab.tsv")]
    [InlineData("tab.tsv", "--delimiter", "tab")]
    [InlineData("compressed.csv")]
    [InlineData("byte-order-mark.csv")]
    public async Task All_eight_bids_of_a_file_in_another_format_are_sent_by_time(string file, params string[] flags)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var texts = await ReplayAsync(folder, host.Uri, [DataFile(file), "--items", "none", .. flags]);

        Assert.Equal("Counts: bad rows 0, sent 8, confirmed 8, returned 0, failed 0", texts[^1]);
        Assert.Equal(Amounts, (await BidsAsync(host.Uri)).Select(b => b.Amount));
    }

    [Theory]
    [InlineData("auction_type,openbid", "7 day auction,9.99", "2024-01-08T00:00:00.000000+00:00")]
    [InlineData("auction_closes,openbid", "2024-02-03T04:05:06Z,9.99", "2024-02-03T04:05:06.000000+00:00")]
    [InlineData("ends,openbid", "2.5,9.99", "2024-01-03T12:00:00.000000+00:00", "--closes", "ends")]
    [InlineData("ends,least", "2.5,9.99", "2024-01-03T12:00:00.000000+00:00", "--map", "auction_closes=ends,auction_opening=least")]
    public async Task A_bid_says_when_its_auction_closes_and_from_which_amount_on_it_sells(string columns, string values, string closes, params string[] flags)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["ends.csv"], $"auctionid,bid,bidtime,bidder,item,{columns}\n17,10,1.5,ada,vase,{values}\n");

        await ReplayAsync(folder, host.Uri, ["ends.csv", "--items", "none", .. flags]);

        var bid = Assert.Single(await BidsAsync(host.Uri));
        Assert.Equal((closes, 9.99m), (Bid.Format(bid.AuctionCloses!.Value), bid.AuctionOpening));
    }

    [Fact]
    public async Task A_file_in_utf_16_is_read()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(
            folder["excel.txt"], "bidder\tbid\tbidtime\titem\nZoë\t12\t1\tVase\n", System.Text.Encoding.Unicode);

        await ReplayAsync(folder, host.Uri, "excel.txt", "--items", "none");

        Assert.Equal("Zoë", Assert.Single(await BidsAsync(host.Uri)).BidderId);
    }

    [Fact]
    public async Task A_file_without_an_item_column_gets_its_item_from_the_command_line()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var texts = await ReplayAsync(folder, host.Uri, DataFile("no-item.csv"), "--item", "Cartier wristwatch");

        Assert.Equal("Counts: bad rows 0, sent 3, confirmed 3, returned 0, failed 0", texts[^1]);
        Assert.Equal(3u, await PlainClient.CountAsync(host.Uri, "auction_queue_cartier_wristwatch"));
    }

    [Fact]
    public async Task The_item_of_the_command_line_goes_before_the_item_column()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        await ReplayAsync(folder, host.Uri, DataFile("auctions.csv"), "--item", "Lot");

        Assert.Equal(8u, await PlainClient.CountAsync(host.Uri, "auction_queue_lot"));
    }

    [Fact]
    public async Task A_decimal_comma_in_quotes_goes_with_a_comma_as_the_delimiter()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var texts = await ReplayAsync(folder, host.Uri, DataFile("decimal-comma-quoted.csv"), "--decimal", "comma", "--items", "none");

        Assert.Contains($"{DataFile("decimal-comma-quoted.csv")}:4: bid_amount is not a number. Not sent.", texts);
        Assert.Equal("Counts: bad rows 1, sent 2, confirmed 2, returned 0, failed 0", texts[^1]);
        Assert.Equal([12.50m, 13.75m], (await BidsAsync(host.Uri)).Select(b => b.Amount));
    }

    [Fact]
    public async Task A_line_break_in_quotes_belongs_to_its_field()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var texts = await ReplayAsync(folder, host.Uri, DataFile("line-breaks.csv"), "--items", "none");

        Assert.Equal("Counts: bad rows 0, sent 4, confirmed 4, returned 0, failed 0", texts[^1]);
        Assert.Equal(
            ["alice\nof the hill", "bob \"the\r\n\r\nbuilder\"", "carol", "dora"], (await BidsAsync(host.Uri)).Select(b => b.BidderId));
    }

    [Fact]
    public async Task An_unclosed_quote_costs_its_own_line_only()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var texts = await ReplayAsync(folder, host.Uri, DataFile("unclosed-quote.csv"), "--items", "none");

        Assert.Contains($"{DataFile("unclosed-quote.csv")}:3: a quote is misplaced, or not closed. Not sent.", texts);
        Assert.Contains($"{DataFile("unclosed-quote.csv")}:6: a quote is not closed. Not sent.", texts);
        Assert.Equal("Counts: bad rows 2, sent 4, confirmed 4, returned 0, failed 0", texts[^1]);
        Assert.Equal(["alice", "carol", "dora", "flor"], (await BidsAsync(host.Uri)).Select(b => b.BidderId));
    }

    [Fact]
    public async Task A_row_may_have_1_MiB_and_a_longer_one_is_refused_with_its_line()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var start = "1,6,2,bob,Gold watch,";
        await File.WriteAllLinesAsync(folder["long.csv"],
        [
            "auctionid,bid,bidtime,bidder,item,note",
            "1,5,1,alice,Gold watch,short",
            start + new string('x', (1 << 20) - start.Length), // as long as a row may be
            start + new string('x', (1 << 20) - start.Length + 1), // a byte too long
            start + new string('"', 3 << 20),
            "1,7,3,carol,Gold watch,short",
        ]);

        var texts = await ReplayAsync(folder, host.Uri, "long.csv", "--items", "none");

        Assert.Contains("long.csv:4: it is longer than 1 MiB. Not sent.", texts);
        Assert.Contains("long.csv:5: it is longer than 1 MiB. Not sent.", texts);
        Assert.Equal("Counts: bad rows 2, sent 3, confirmed 3, returned 0, failed 0", texts[^1]);
        Assert.Equal(["alice", "bob", "carol"], (await BidsAsync(host.Uri)).Select(b => b.BidderId));
    }

    [Fact]
    public async Task A_row_in_another_encoding_is_refused()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(
            folder["latin.csv"], "bidder,bid,bidtime,item\nZoë,5,1,art\nZoe,6,2,art\n", System.Text.Encoding.Latin1);

        var texts = await ReplayAsync(folder, host.Uri, "latin.csv");

        Assert.Contains("latin.csv:2: it is not UTF-8 text. Not sent.", texts);
        Assert.Equal("Counts: bad rows 1, sent 1, confirmed 1, returned 0, failed 0", texts[^1]);
    }

    [Fact]
    public async Task Sort_off_keeps_the_order_of_the_file()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        await ReplayAsync(folder, host.Uri, DataFile("auctions.csv"), "--sort", "off", "--items", "none", "--count", "4");

        Assert.Equal([900m, 1000.5m, 1200m, 801m], (await BidsAsync(host.Uri)).Select(b => b.Amount));
    }

    [Theory]
    [InlineData("empty.csv", "{0} is empty: it has neither a header line nor a bid.")]
    [InlineData("header-only.csv", "{0} holds no bids: nothing follows the header line.")]
    [InlineData("no-item.csv", "{0} has no column item. " +
        "Name the one that holds item with --map item=COLUMN, or the item of all bids with --item; " +
        "its columns are auctionid, bid, bidtime, bidder, bidderrate, openbid, price. " +
        "Where the first line is a bid, name the columns with --columns.")]
    public async Task A_file_without_bids_is_an_error_in_one_sentence(string file, string error)
    {
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Replay", folder, null, DataFile(file));

        Assert.Equal(1, exitCode);
        Assert.Equal(error.Replace("{0}", DataFile(file), StringComparison.Ordinal), texts[^2]);
        Assert.Equal("Counts: bad rows 0, sent 0, confirmed 0, returned 0, failed 0", texts[^1]);
    }

    [Fact]
    public async Task A_damaged_gzip_file_is_an_error_and_nothing_of_it_is_sent()
    {
        using var folder = new TempFolder();
        var bytes = await File.ReadAllBytesAsync(DataFile("compressed.csv"));
        bytes[bytes.Length / 2] ^= 0xFF;
        await File.WriteAllBytesAsync(folder["damaged.csv.gz"], bytes);

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Replay", folder, null, "damaged.csv.gz");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("damaged.csv.gz can't be read: ", texts[^2]);
        Assert.Equal("Counts: bad rows 0, sent 0, confirmed 0, returned 0, failed 0", texts[^1]);
    }

    [Theory]
    [InlineData("--item", "Lot", "--map", "item=what",
        "--item names the item of all bids, and --map names a column for it: leave one of them out. See --help.")]
    [InlineData("--delimiter", "ab", "--sort", "off", "--delimiter is \"ab\": it must be comma, semicolon, tab, pipe " +
        "or one ASCII character other than a quote or a line break. See --help.")]
    [InlineData("--sort", "down", "--speed", "0", "--sort is \"down\": it must be time or off. See --help.")]
    [InlineData("--decimal", "dot", "--speed", "0", "--decimal is \"dot\": it must be point or comma. See --help.")]
    public async Task A_wrong_flag_is_refused(string flag, string value, string otherFlag, string otherValue, string error)
    {
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Replay", folder, null, "x.csv", flag, value, otherFlag, otherValue);

        Assert.Equal((2, error), (exitCode, Assert.Single(texts)));
    }

    private static string DataFile(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    private static async Task<IReadOnlyList<string>> ReplayAsync(TempFolder folder, Uri broker, params IEnumerable<string> arguments)
    {
        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Replay", folder, broker, [.. arguments, "--speed", "0"]);
        Assert.True(exitCode == 0, string.Join('\n', texts));
        return texts;
    }

    /// <summary>All bids in the order they were sent: no item of theirs has a queue of its own.</summary>
    private static async Task<IReadOnlyList<Bid>> BidsAsync(Uri broker) =>
    [
        .. (await PlainClient.DrainAsync(broker, AuctionTopology.DefaultQueue)).Select(m =>
            BidJson.TryRead(m.Body.Span, out var bid, out var reason) ? bid : throw new InvalidDataException(reason)),
    ];
}
