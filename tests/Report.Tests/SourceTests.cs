using System.Globalization;
using AuctionTracker.LocalBroker;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Support;
using DuckDB.NET.Data;
using Xunit;

namespace AuctionTracker.Report.Tests;

/// <summary>The sources of a report, read by the program itself.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_source_gives_the_same_report()
    {
        var bids = SomeBids.Create(500);
        var jsonLines = await SomeBids.KeepAsync("jsonl", bids, _folder);
        var expected = await ReportAsync(jsonLines);
        Assert.Equal(501, expected.Count(c => c == '\n'));
        foreach (var file in (string[])["bids.parquet", "bids.csv", "bids.jsonl"])
        {
            await RunAsync(0, "export", file, "--from", jsonLines);
            Assert.Equal(expected, await ReportAsync(file));
        }

        foreach (var kind in (string[])["sqlite", "duckdb", "postgres"])
        {
            Assert.Equal(expected, await ReportAsync(await SomeBids.KeepAsync(kind, bids, _folder)));
        }
    }

    [Fact]
    public async Task An_export_has_each_bid_once_as_the_record_has_it()
    {
        var bids = SomeBids.Create(300);
        var from = await SomeBids.KeepAsync("jsonl", bids, _folder);

        await RunAsync(0, "export", "all.jsonl", "--from", from);
        await RunAsync(0, "export", "some.jsonl", "--from", from, "--item", "art,<b>&'\"", "--since", "2024-10-27");

        Assert.Equal(InOrder(bids), await ReadAsync("all.jsonl"));
        Assert.Equal(
            InOrder(bids.Where(b => b.Bid.Item is "art" or "<b>&'\"" && b.Bid.Timestamp >= SomeBids.ClockChange)), await ReadAsync("some.jsonl"));

        static List<Records.RecordedBid> InOrder(IEnumerable<Records.RecordedBid> bids) =>
            [.. bids.OrderBy(b => b.Bid.Timestamp).ThenBy(b => b.MessageId, StringComparer.Ordinal)];

        async Task<List<Records.RecordedBid>> ReadAsync(string file) =>
            await new JsonLinesSource(_folder[file], (place, reason) => Assert.Fail($"{place}: {reason}")).ReadAsync(default).ToListAsync();
    }

    [Fact]
    public async Task A_path_may_have_any_character()
    {
        using var odd = new TempFolder();
        var folder = Directory.CreateDirectory(odd["it's [1] *? ö"]).FullName;
        foreach (var file in Directory.GetFiles(await SomeBids.KeepAsync("jsonl", SomeBids.Create(20), _folder), "*.jsonl"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        Assert.Contains("20", await RunAsync(0, "sql", "select count(*) from bids", "--from", folder, "--format", "csv"));
        await RunAsync(0, "export", Path.Combine(folder, "all [2].parquet"), "--from", folder);
        Assert.Contains("20", await RunAsync(0, "sql", "select count(*) from bids", "--from", Path.Combine(folder, "all [2].parquet"), "--format", "csv"));
    }

    /// <summary>DuckDB guesses columns and types from the first 20,480 lines, and reads numbers as doubles, unless it is told (duckdb #25826, #25786).</summary>
    [Fact]
    public async Task What_comes_late_in_a_file_is_read_and_amounts_are_exact()
    {
        const string Line = "{{\"bidder_id\":\"b\",\"bid_amount\":{0},\"timestamp\":\"2024-01-01T00:00:00\",\"item\":\"art\",\"bidder_name\":\"n\",\"bidder_email\":\"e\",\"message_id\":\"{1}\"{2}}}";
        await File.WriteAllLinesAsync(_folder["late.jsonl"],
        [
            .. Enumerable.Range(1, 25_000).Select(number => string.Format(CultureInfo.InvariantCulture, Line, 1, number, "")),
            string.Format(CultureInfo.InvariantCulture, Line, "999999999999.9997", "late", ",\"auction_id\":\"a1\""),
        ]);

        var texts = await RunAsync(
            0, "sql", "select count(*), count(auction_id), max(bid_amount), min(timestamp) from bids", "--from", "late.jsonl", "--format", "csv");

        Assert.Contains("25001,1,999999999999.9997,2024-01-01T00:00:00.000000+00:00", texts);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_named_and_the_others_count()
    {
        var from = await SomeBids.KeepAsync("jsonl", SomeBids.Create(100), _folder);
        var file = Directory.GetFiles(from, "*.jsonl").Order().Last();
        var lines = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, $"garbage\n{lines}{{\"bidder_id\":\"torn");

        var texts = await RunAsync(0, "sql", "select count(*) as bids from bids", "--from", from, "--format", "csv");

        Assert.Contains("100", texts);
        Assert.Contains(texts, text => text.Contains(".jsonl:1 cannot be read as a bid: the body is not JSON", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains(".jsonl:102 cannot be read as a bid: the last line is torn", StringComparison.Ordinal));
        Assert.Contains("2 lines cannot be read as bids; they are left out.", texts);
    }

    /// <summary>DuckDB's reader takes more than ours: what it takes must not depend on another line being bad.</summary>
    [Theory]
    [InlineData("\"5\"", "2024-01-01T00:00:00+00:00", "art")] // a text for a number
    [InlineData("1e13", "2024-01-01T00:00:00+00:00", "art")] // above the limit
    [InlineData("0", "2024-01-01T00:00:00+00:00", "art")]
    [InlineData("5", "2024-01-01", "art")] // a day
    [InlineData("5", "2024-01-01 00:00:00", "art")] // SQL's form
    [InlineData("5", "infinity", "art")]
    [InlineData("5", "2024-01-01T00:00:00+00:00", "---")] // names no queue
    [InlineData("5", "2024-01-01T00:00:00+00:00", null)] // a name of 300 characters
    [InlineData("5", "2024-01-01T00:00:00+00:00", "art", ",\"auction_closes\":\"2024-01-08T00:00:00+00:00\",\"auction_opening\":0")]
    [InlineData("5", "2024-01-01T00:00:00+00:00", "art", ",\"auction_closes\":null,\"auction_opening\":null")]
    [InlineData("5", "2024-01-01T00:00:00+00:00", "art", ",\"auction_closes\":\"soon\"")]
    [InlineData("5", "2024-01-01T00:00:00+00:00", "art", ",\"auction_opening\":-1")]
    [InlineData("5", "2024-01-01T00:00:00+00:00", "art", ",\"auction_opening\":\"1\"")]
    public async Task A_line_counts_or_not_whatever_the_other_lines_are(string amount, string time, string? item, string rest = "")
    {
        var line = $$"""{"bidder_id":"b","bid_amount":{{amount}},"timestamp":"{{time}}","item":"{{item ?? new string('x', 300)}}","bidder_name":"n","bidder_email":"e","message_id":"doubtful"{{rest}}}""";
        const string Good = """{"bidder_id":"b","bid_amount":7,"timestamp":"2024-01-01T00:00:00Z","item":"art","bidder_name":"n","bidder_email":"e","message_id":"good"}""";
        await File.WriteAllLinesAsync(_folder["alone.jsonl"], [Good, line]);
        await File.WriteAllLinesAsync(_folder["beside.jsonl"], [Good, line, "garbage"]);

        Assert.Equal(await CountAsync("beside.jsonl"), await CountAsync("alone.jsonl"));

        async Task<string> CountAsync(string file) =>
            (await RunAsync(0, "sql", "select count(*) || ' bids, ' || sum(bid_amount) as all_bids from bids", "--from", file, "--format", "csv")).Single(t => t.Contains(" bids, ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bid_amount", "amount::double", "DOUBLE")]
    [InlineData("timestamp", "ts::timestamp", "TIMESTAMP")]
    [InlineData("message_id", "null::varchar", "is missing")]
    public async Task A_file_of_another_program_with_other_types_is_refused(string column, string value, string reason)
    {
        string ValueOf(string name, string usual) => (name == column ? value : usual).Replace("amount", "5").Replace("ts::", "'2024-01-01'::");
        var rows = $"""
            select {ValueOf("message_id", "'m'")} as message_id, 'b' as bidder_id, {ValueOf("bid_amount", "amount::decimal(18,4)")} as bid_amount,
                {ValueOf("timestamp", "ts::timestamptz")} as timestamp, 'art' as item, 'n' as bidder_name, 'e' as bidder_email,
                'a' as auction_id, '2024-01-01'::timestamptz as received_at
            """;
        await using (var connection = new DuckDBConnection($"Data Source={_folder["foreign.duckdb"]}"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"create table bids as {rows}; copy bids to '{_folder["foreign.parquet"]}'";
            await command.ExecuteNonQueryAsync();
        }

        foreach (var file in (string[])["foreign.parquet", "foreign.duckdb"])
        {
            Assert.Contains(await RunAsync(1, "items", "--from", file), text => text.StartsWith($"{file} can't be used:", StringComparison.Ordinal) && text.Contains(reason, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("empty.jsonl", "")]
    [InlineData("empty.csv", "bidder_id,bid_amount,timestamp,item\n")]
    [InlineData("nothing.csv", "")]
    public async Task A_source_without_bids_gives_an_empty_table_and_says_so(string file, string content)
    {
        await File.WriteAllTextAsync(_folder[file], content);

        var texts = await RunAsync(0, "items", "--from", file);

        Assert.Contains("No rows: nothing matches.", texts);
        Assert.Contains(texts, text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["item", "bids", "bidders", ..]);
        Assert.Contains("item,bids,bidders,auctions,total,average,lowest,highest,high", await RunAsync(0, "items", "--from", file, "--format", "csv"));
    }

    [Fact]
    public async Task A_DuckDB_file_that_is_open_elsewhere_is_waited_for_and_then_its_holder_is_named()
    {
        var file = await SomeBids.KeepAsync("duckdb", SomeBids.Create(10), _folder);
        await using var holder = await HoldAsync(file);
        await using var waiting = ProgramUnderTest.Start("Report", _folder, broker: null, "items", "--from", file, "--format", "csv");

        // It says why it ends only after the time it waits: here it is let in before.
        await waiting.LineAsync("Runs on");
        holder.Kill();
        Assert.Equal(0, await waiting.EndAsync());

        await using var again = await HoldAsync(file);
        var texts = await RunAsync(1, "items", "--from", file);
        Assert.Contains(texts, text => text.Contains("another program has it open: python3", StringComparison.Ordinal) && text.Contains($"process {again.Id}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bids.db", "not a database")]
    [InlineData("bids.duckdb", "not a database")]
    [InlineData("bids.parquet", "not a database")]
    public async Task A_file_of_another_kind_is_refused_in_a_sentence(string file, string content)
    {
        await File.WriteAllTextAsync(_folder[file], content);

        var texts = await RunAsync(1, "items", "--from", file);

        Assert.Contains(texts, text => text.StartsWith($"{file} can't be", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => text.Contains("Unexpected", StringComparison.Ordinal));
    }

    private static async Task<OwnedProcess> HoldAsync(string file)
    {
        var holds = new TaskCompletionSource();
        var holder = OwnedProcess.Start(
            "python3", ["-c", "import fcntl,sys,time; f=open(sys.argv[1],'r+b'); fcntl.lockf(f,fcntl.LOCK_EX); print('holds',flush=True); time.sleep(300)", file],
            onOutput: _ => holds.TrySetResult());
        await holds.Task.WaitAsync(ProgramUnderTest.Patience);
        return holder;
    }

    private async Task<string> ReportAsync(string from)
    {
        await RunAsync(0, "rolling", "--from", from, "--out", "report.csv");
        return await File.ReadAllTextAsync(_folder["report.csv"]);
    }

    private async Task<IReadOnlyList<string>> RunAsync(int exitCode, params string[] arguments)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync("Report", _folder, broker: null, arguments);
        Assert.True(code == exitCode, string.Join('\n', texts));
        return texts;
    }
}
