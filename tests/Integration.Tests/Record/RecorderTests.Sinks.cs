using System.Threading.Channels;
using AuctionTracker.LocalBroker;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Record;

public sealed partial class RecorderTests
{
    [Fact]
    public async Task Verification_names_what_is_missing_or_different()
    {
        await using var host = await Rabbit.HostAsync();
        string[] sinks = ["--to", "data/bids/", "--to", "data/bids.db", "--to", "data/bids.duckdb", "--to", (await PostgresCluster.DatabaseAsync()).ToString()];
        await (await StartAsync(host.Uri, sinks)).DisposeAsync();
        await ProduceAsync(host.Uri, "--count", "300", "--seed", "3", "--auctions", "5");
        Assert.Equal(0, (await ProgramUnderTest.RunAsync("Recorder", _folder, host.Uri, [.. sinks, "--idle-exit", "2"])).ExitCode);

        var (equal, texts) = await ProgramUnderTest.RunAsync("Recorder", _folder, null, [.. sinks, "--verify"]);
        Assert.Equal(0, equal);
        Assert.Equal(4, texts.Count(text => text.EndsWith($": 300 bids, {texts.First(t => t.StartsWith("jsonl: 300", StringComparison.Ordinal)).Split(", ")[1]}", StringComparison.Ordinal)));
        Assert.Contains("All sinks are equal.", texts);

        var ids = RecordedIds();
        await ExecuteInSqliteAsync($"DELETE FROM bids WHERE message_id = '{ids[7]}'; UPDATE bids SET bid_amount = 10000000 WHERE message_id = '{ids[11]}'");
        var file = Assert.Single(JsonLinesSink.FilesOf(_folder["data/bids"]));
        await File.AppendAllTextAsync(file, "{\"torn");
        (var different, texts) = await ProgramUnderTest.RunAsync("Recorder", _folder, null, [.. sinks, "--verify"]);
        Assert.Equal(1, different);
        Assert.Contains($"sqlite: Missing: 1 bids: {ids[7]}", texts);
        Assert.Contains($"sqlite: Different from the others: 1 bids: {ids[11]}", texts);
        Assert.Contains($"jsonl: {Path.GetFileName(file)}:301 cannot be read as a bid: the last line is torn", texts);
        Assert.Contains("The sinks are not equal.", texts);
    }

    [Fact]
    public async Task A_record_that_is_replayed_gets_new_ids_or_with_keep_ids_is_known()
    {
        await using var host = await Rabbit.HostAsync();
        await (await StartAsync(host.Uri)).DisposeAsync();
        await ProduceAsync(host.Uri, "--count", "100");
        await RecordAsync();
        var file = Path.Combine("data", "bids", Path.GetFileName(Assert.Single(JsonLinesSink.FilesOf(_folder["data/bids"]))));

        await ProgramUnderTest.RunAsync("Replay", _folder, host.Uri, file, "--speed", "0", "--keep-ids");
        Assert.Contains("jsonl: Counts: received 100, recorded 0, already there 100, unreadable 0", await RecordAsync());
        await ProgramUnderTest.RunAsync("Replay", _folder, host.Uri, file, "--speed", "0");
        Assert.Contains("jsonl: Counts: received 100, recorded 100, already there 0, unreadable 0", await RecordAsync());

        async Task<IReadOnlyList<string>> RecordAsync() => (await ProgramUnderTest.RunAsync("Recorder", _folder, host.Uri, "--count", "100")).Texts;
    }

    [Fact]
    public async Task A_DuckDB_file_that_another_program_has_open_is_written_when_it_is_closed()
    {
        await using var host = await Rabbit.HostAsync();
        await using var recorder = await StartAsync(host.Uri, "--to", "jsonl=data/bids.duckdb");
        const string Hold = "import fcntl, signal; f = open('data/bids.duckdb', 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print('open', flush=True); signal.pause()";
        var isOpen = new TaskCompletionSource();
        await using (var other = OwnedProcess.Start("python3", ["-c", Hold], workingFolder: _folder.Path, onOutput: _ => isOpen.SetResult()))
        {
            await isOpen.Task.WaitAsync(ProgramUnderTest.Patience);
            await ProduceAsync(host.Uri, "--count", "50");
            var text = await recorder.LineAsync("data/bids.duckdb can't be used: another program has it open: python3");
            Assert.EndsWith($", process {other.Id}. Its queue auction_record_jsonl keeps the bids until it can.", text, StringComparison.Ordinal);
            Assert.DoesNotContain(recorder.Texts, text => text.Contains("Recorded ", StringComparison.Ordinal));
        }

        await recorder.LineAsync("Recorded 50 bids in data/bids.duckdb.");
        recorder.Interrupt();
        Assert.Equal(0, await recorder.EndAsync());
        Assert.Contains("jsonl: Counts: received 50, recorded 50, already there 0, unreadable 0", recorder.Texts);
    }

    /// <summary>A limit of the file size ends a write in the middle of a line, as a full disk does.</summary>
    [Fact]
    public async Task A_batch_that_a_full_disk_cut_off_is_taken_back_and_written_whole_when_there_is_room()
    {
        await using var host = await Rabbit.HostAsync();
        await (await StartAsync(host.Uri)).DisposeAsync();
        await ProduceAsync(host.Uri, "--count", "2000");
        var recorder = Path.Combine(AppContext.BaseDirectory, "AuctionTracker.Recorder.dll");
        var lines = Channel.CreateUnbounded<string>();
        await using var limited = OwnedProcess.Start(
            "sh", ["-c", "trap '' XFSZ; ulimit -S -f 200; exec dotnet \"$0\" --quiet --count 2000", recorder],
            new Dictionary<string, string?> { ["AUCTION_BROKER"] = host.Uri.ToString(), ["DOTNET_EnableWriteXorExecute"] = "0" },
            _folder.Path, onOutput: line => lines.Writer.TryWrite(line));
        using var patience = new CancellationTokenSource(ProgramUnderTest.Patience);
        await foreach (var line in lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains("Its queue auction_record_jsonl keeps the bids until it can.", StringComparison.Ordinal))
            {
                break;
            }
        }

        await using (var raise = OwnedProcess.Start("prlimit", ["--pid", $"{limited.Id}", "--fsize=unlimited"]))
        {
            Assert.Equal(0, await raise.Exited.WaitAsync(ProgramUnderTest.Patience));
        }

        Assert.Equal(0, await limited.Exited.WaitAsync(ProgramUnderTest.Patience));
        Assert.Equal(2_000, RecordedIds().Distinct().Count(id => !id.StartsWith("no bid", StringComparison.Ordinal)));
        Assert.Equal(2_000, RecordedIds().Count);
    }
}
