using System.Text;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Bids;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Integration.Tests.Record;

public sealed partial class RecorderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_bid_is_in_every_sink_and_the_counts_add_up()
    {
        await using var host = await Rabbit.HostAsync();
        var postgres = await PostgresCluster.DatabaseAsync();
        await using var recorder = ProgramUnderTest.Start(
            "Recorder", _folder, host.Uri,
            "--to", "data/bids/", "--to", "data/bids.db", "--to", "data/bids.duckdb", "--to", postgres.ToString(), "--count", "1000");
        await recorder.LineAsync("Starting recorder. Waiting for messages...");
        foreach (var name in (string[])["jsonl", "sqlite", "duckdb", "postgres"])
        {
            await Eventually.TrueAsync($"the queue of {name} is declared", () => PlainClient.ExistsAsync(host.Uri, $"auction_record_{name}"));
        }

        await ProduceAsync(host.Uri, "--count", "1000", "--bad-rate", "0.1", "--seed", "5", "--items", "electronics,art");

        Assert.Equal(0, await recorder.EndAsync());
        var counts = recorder.Texts.Where(text => text.Contains("Counts: received", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, counts.Count);
        var readable = 1_000 - int.Parse(Counts().Match(counts[0]).Groups[4].Value, null);
        Assert.InRange(readable, 850, 950);
        Assert.All(counts, text => Assert.EndsWith($": Counts: received 1000, recorded {readable}, already there 0, unreadable {1_000 - readable}", text, StringComparison.Ordinal));
        Assert.Equal(readable, RecordedIds().Count);
        Assert.Equal(readable, await CountInSqliteAsync());
        Assert.Contains(recorder.Texts, text => UnreadableLine().IsMatch(text));
    }

    [Fact]
    public async Task The_recorder_takes_no_bid_from_consumers_and_bids_on_unknown_items_still_reach_the_default_queue()
    {
        await using var host = await Rabbit.HostAsync();
        await using var recorder = await StartAsync(host.Uri, "--count", "3");
        await ProduceAsync(host.Uri, "--count", "2", "--items", "art");
        await using (var connection = await Rabbit.ConnectAsync(host.Uri))
        {
            await using var channel = await connection.CreateChannelAsync();
            await RabbitMQ.Client.IChannelExtensions.BasicPublishAsync(channel, "auction_bids", "bid.stamps", BidJson.Write(Some.Bid(item: "stamps")));
        }

        Assert.Equal(0, await recorder.EndAsync());
        Assert.Equal(2u, await PlainClient.CountAsync(host.Uri, "auction_queue_art"));
        Assert.Equal(1u, await PlainClient.CountAsync(host.Uri, "auction_queue_default"));
        Assert.Equal(3, RecordedIds().Count);
    }

    [Fact]
    public async Task A_recorder_killed_again_and_again_keeps_every_bid_once()
    {
        await using var host = await Rabbit.HostAsync();
        const int Bids = 20_000;
        await (await StartAsync(host.Uri, "--to", "data/bids/", "--to", "data/bids.db")).DisposeAsync();
        await ProduceAsync(host.Uri, "--count", $"{Bids}", "--seed", "9");
        for (var kill = 0; kill < 4; kill++)
        {
            await using var killed = ProgramUnderTest.Start("Recorder", _folder, host.Uri, "--to", "data/bids/", "--to", "data/bids.db");
            await killed.LineAsync("Recorded ");
            killed.Kill();
            await killed.EndAsync();
        }

        await using var last = ProgramUnderTest.Start(
            "Recorder", _folder, host.Uri, "--to", "data/bids/", "--to", "data/bids.db", "--idle-exit", "3", "--quiet");
        Assert.Equal(0, await last.EndAsync());

        Assert.Equal(Bids, await CountInSqliteAsync());
        var ids = RecordedIds();
        Assert.Equal(Bids, ids.Count);
        Assert.Equal(Bids, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_sink_that_cannot_be_written_holds_up_no_other_and_catches_up_later()
    {
        await using var host = await Rabbit.HostAsync();
        await using var recorder = await StartAsync(host.Uri, "--to", "data/bids/", "--to", "data/bids.db");
        var today = TimeProvider.System.GetUtcNow();
        var obstacles = new[] { today, today.AddDays(1) }.Select(day => Directory.CreateDirectory(_folder[$"data/bids/{day:yyyy-MM-dd}.jsonl"])).ToList();
        await ProduceAsync(host.Uri, "--count", "500");

        await recorder.LineAsync("Its queue auction_record_jsonl keeps the bids until it can.");
        await Eventually.TrueAsync("the other sink has them all", async () => await CountInSqliteAsync() == 500);
        obstacles.ForEach(obstacle => obstacle.Delete());
        await recorder.LineAsync("jsonl: Writing succeeds again; auction_record_jsonl is read.");
        await Eventually.TrueAsync("the sink has caught up", () => RecordedIds().Count == 500);
        recorder.Interrupt();

        Assert.Equal(0, await recorder.EndAsync());
        Assert.Single(recorder.Texts, text => text.Contains("keeps the bids until it can", StringComparison.Ordinal));
        Assert.Contains("jsonl: Counts: received 500, recorded 500, already there 0, unreadable 0", recorder.Texts);
    }

    [Fact]
    public async Task A_recorder_that_waits_for_bids_goes_on_after_each_lost_connection()
    {
        await using var host = await Rabbit.HostAsync();
        await using var proxy = new TcpProxy(host.Uri);
        await using var recorder = await StartAsync(proxy.Uri, "--to", "data/bids/", "--to", "data/bids.db");
        for (var cut = 1; cut <= 5; cut++)
        {
            proxy.Cut();
            await recorder.LineAsync("Connected to RabbitMQ after ");
            await recorder.LineAsync("Connected to RabbitMQ after ");
            await ProduceAsync(host.Uri, "--count", "10");
            await Eventually.TrueAsync("both sinks have the bids", async () => RecordedIds().Count == 10 * cut && await CountInSqliteAsync() == 10 * cut);
        }

        recorder.Interrupt();
        Assert.Equal(0, await recorder.EndAsync());
    }

    [Theory]
    [InlineData("classic")]
    [InlineData("quorum")]
    public async Task A_second_recorder_of_the_same_name_is_refused(string queueType)
    {
        await using var host = await Rabbit.HostAsync();
        _folder.Write("quorum.toml", $"[broker]\nqueue_type = \"{queueType}\"\n");
        var settings = _folder["quorum.toml"];
        await using var recorder = await StartAsync(host.Uri, "--settings", settings);
        using var elsewhere = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(
            "Recorder", elsewhere, host.Uri, "--settings", settings, "--to", "data/bids.db", "--to", "data/bids/");

        Assert.Equal(1, exitCode);
        Assert.Contains("Another program reads auction_record_jsonl. End it, or give this one a name of its own.", string.Join('\n', texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_nobody_reads_is_named_and_can_be_forgotten()
    {
        await using var host = await Rabbit.HostAsync();
        await (await StartAsync(host.Uri, "--to", "archive=data/archive/")).DisposeAsync();
        await ProduceAsync(host.Uri, "--count", "7");
        await using (var other = await StartAsync(host.Uri))
        {
            other.Interrupt();
            await other.EndAsync();
            Assert.Contains(other.Texts, text => text.StartsWith("Nobody reads auction_record_archive: it keeps 7 bids and collects more.", StringComparison.Ordinal));
            Assert.Contains(other.Texts, text => text.StartsWith("Nobody reads auction_record_jsonl: it keeps 0 bids", StringComparison.Ordinal));
        }

        var (asked, question) = await ProgramUnderTest.RunAsync("Recorder", _folder, host.Uri, "--forget", "archive");
        Assert.Equal(1, asked);
        Assert.Contains("auction_record_archive keeps 7 bids. To delete it without a question, add --yes.", question);
        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Recorder", _folder, host.Uri, "--forget", "archive", "--yes");
        Assert.Equal(0, exitCode);
        Assert.Contains("Deleted auction_record_archive with 7 bids that waited in it.", texts);
        Assert.False(await PlainClient.ExistsAsync(host.Uri, "auction_record_archive"));
    }

    [Theory]
    [InlineData("data/bids.txt")]
    [InlineData("data/bids.db,other.sqlite")]
    [InlineData("Archive=data/archive.txt")]
    public async Task A_sink_of_no_known_shape_is_refused_with_those_that_there_are(string to)
    {
        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Recorder", _folder, null, "--to", to);

        Assert.Equal(2, exitCode);
        Assert.Equal(
            "--to is wrong: it must be one or more of: a folder ending in / (JSON lines), a .db or .sqlite file, a .duckdb file, " +
            "postgres://user@host/database; two of a kind need names, as in archive=data/archive/.",
            Assert.Single(texts));
    }

    [Fact]
    public async Task A_PostgreSQL_that_is_not_there_at_the_start_ends_the_recorder_with_one_sentence()
    {
        await using var host = await Rabbit.HostAsync();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(
            "Recorder", _folder, host.Uri, "--to", "postgres://ann:secret@127.0.0.1:1/bids");

        Assert.Equal(1, exitCode);
        Assert.Contains("PostgreSQL (ann@127.0.0.1:1/bids) can't be used: nothing answers there, or the connection was lost. It is the sink postgres of --to.", texts);
        Assert.DoesNotContain(texts, text => text.Contains("secret", StringComparison.Ordinal));
    }

    private async Task<ProgramUnderTest> StartAsync(Uri broker, params string[] arguments)
    {
        var recorder = ProgramUnderTest.Start("Recorder", _folder, broker, await EnvironmentAsync(), arguments);
        await recorder.LineAsync("Starting recorder. Waiting for messages...");
        var name = arguments.FirstOrDefault(a => a.StartsWith("archive", StringComparison.Ordinal)) is null ? "jsonl" : "archive";
        await Eventually.TrueAsync("its queue is declared", () => PlainClient.ExistsAsync(broker, $"auction_record_{name}"));
        return recorder;
    }

    private static async Task<Dictionary<string, string?>> EnvironmentAsync() =>
        new() { ["AUCTION_BROKER_MANAGEMENT"] = (await Rabbit.BrokerAsync()).AdminSite!.ToString() };

    private static async Task ProduceAsync(Uri broker, params string[] arguments)
    {
        using var elsewhere = new TempFolder();
        Assert.Equal(0, (await ProgramUnderTest.RunAsync("Producer.V3", elsewhere, broker, [.. arguments, "--interval", "0", "--quiet"])).ExitCode);
    }

    private List<string> RecordedIds() => [.. JsonLinesSink.FilesOf(_folder["data/bids"]).SelectMany(ReadSharedLines).Select(line =>
        BidLine.TryRead(Encoding.UTF8.GetBytes(line), out var bid, out _) ? bid.MessageId : $"no bid: {line}")];

    /// <summary>The recorder may be writing: a last line without its end does not count.</summary>
    private static IEnumerable<string> ReadSharedLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n')[..^1];
    }

    private async Task<long> CountInSqliteAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={_folder["data/bids.db"]};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        await using var query = connection.CreateCommand();
        query.CommandText = "SELECT count(*) FROM bids";
        return (long)(await query.ExecuteScalarAsync())!;
    }

    private async Task ExecuteInSqliteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder["data/bids.db"]};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"received (\d+), recorded (\d+), already there (\d+), unreadable (\d+)$")]
    private static partial Regex Counts();

    [GeneratedRegex(@"^jsonl: Message [0-9a-f-]{36} cannot be read as a bid: .+")]
    private static partial Regex UnreadableLine();
}
