using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Record;

/// <summary>From a producer to consumers by a file, without a broker.</summary>
public sealed class FileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Consumer_v0_shows_what_producer_v0_appends()
    {
        await using var consumer = ProgramUnderTest.Start("Consumer.V0", _folder, null, "--count", "20", "--window", "3");
        await consumer.LineAsync("Starting consumer. Waiting for messages...");

        var (exitCode, sent) = await ProgramUnderTest.RunAsync(
            "Producer.V0", _folder, null, "--count", "20", "--interval", "0", "--seed", "7", "--items", "art", "--bad-rate", "0.2");

        Assert.Equal(0, exitCode);
        Assert.Equal("Counts: sent 20", sent[^1]);
        Assert.Equal(0, await consumer.EndAsync());
        var received = consumer.Texts.Where(t => t.StartsWith("Received art message: Bid Amount: ", StringComparison.Ordinal)).ToList();
        var bad = consumer.Texts.Count(t => t.StartsWith("A line of data/live.jsonl cannot be read as a bid: ", StringComparison.Ordinal));
        Assert.Equal(20, received.Count + bad);
        Assert.InRange(bad, 1, 10);
        Assert.Contains(consumer.Texts, t => t.StartsWith("Rolling window for art updated. Size: 3, Latest bid: ", StringComparison.Ordinal));
        Assert.Equal($"Counts: received 20, handled {received.Count}, bad rows {bad}", consumer.Texts[^1]);
    }

    [Fact]
    public async Task A_producer_killed_in_the_middle_of_a_line_leaves_no_bids_glued_together()
    {
        Assert.Equal(0, (await ProduceAsync(3)).ExitCode);
        await File.AppendAllTextAsync(_folder["data/live.jsonl"], "{\"bidder_id\":\"to");
        Assert.Equal(0, (await ProduceAsync(2)).ExitCode);

        var (_, texts) = await ProgramUnderTest.RunAsync("Consumer.V0", _folder, null, "--idle-exit", "1");

        Assert.Equal("Counts: received 5, handled 5, bad rows 0", texts[^1]);
    }

    [Fact]
    public async Task A_second_producer_of_the_same_file_is_refused()
    {
        await using var producer = ProgramUnderTest.Start("Producer.V0", _folder, null, "--interval", "0.05");
        await producer.LineAsync("Sent message: {");

        var (exitCode, texts) = await ProduceAsync(1);

        Assert.Equal(1, exitCode);
        Assert.Contains(texts, t => t.StartsWith("Bids can't be appended to data/live.jsonl: ", StringComparison.Ordinal));
        producer.Interrupt();
        Assert.Equal(0, await producer.EndAsync());
    }

    [Fact]
    public async Task The_recorder_follows_a_file_without_a_broker_and_goes_on_where_it_was_killed()
    {
        await ProduceAsync(3_000);
        await using (var killed = Follow())
        {
            await killed.LineAsync("Recorded ");
            killed.Kill();
            await killed.EndAsync();
        }

        await ProduceAsync(1_000);
        await using var recorder = Follow("--idle-exit", "1");
        Assert.Equal(0, await recorder.EndAsync());

        Assert.Equal(4_000, RecordedIds().Count);
        Assert.Equal(4_000, RecordedIds().Distinct().Count());
        Assert.Contains(recorder.Texts, text => text.StartsWith("sqlite: Counts: received ", StringComparison.Ordinal));
        var (equal, _) = await ProgramUnderTest.RunAsync("Recorder", _folder, null, "--verify", "--to", "data/bids/", "--to", "data/bids.db");
        Assert.Equal(0, equal);
    }

    [Fact]
    public async Task The_recorder_does_not_read_again_what_it_has_read_and_reads_another_file_of_that_name()
    {
        await ProduceAsync(10);
        Assert.Contains("jsonl: Counts: received 10, recorded 10, already there 0, unreadable 0", await FollowToEndAsync());
        Assert.Contains("jsonl: Counts: received 0, recorded 0, already there 0, unreadable 0", await FollowToEndAsync());

        File.Delete(_folder["data/live.jsonl"]);
        await ProduceAsync(20);
        Assert.Contains("jsonl: Counts: received 20, recorded 20, already there 0, unreadable 0", await FollowToEndAsync());
        Assert.Equal(30, RecordedIds().Count);
    }

    [Theory]
    [InlineData("Consumer.V0", "--file")]
    [InlineData("Recorder", "--follow")]
    public async Task A_file_that_cannot_be_read_is_named(string program, string flag)
    {
        Directory.CreateDirectory(_folder["bids.jsonl"]);

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(program, _folder, null, flag, "bids.jsonl");

        Assert.Equal(1, exitCode);
        Assert.Contains(texts, text => text.StartsWith("bids.jsonl can't be read: ", StringComparison.Ordinal));
    }

    private Task<(int ExitCode, IReadOnlyList<string> Texts)> ProduceAsync(int count) =>
        ProgramUnderTest.RunAsync("Producer.V0", _folder, null, "--count", $"{count}", "--interval", "0", "--quiet");

    private ProgramUnderTest Follow(params string[] arguments) => ProgramUnderTest.Start(
        "Recorder", _folder, null, ["--follow", "data/live.jsonl", "--to", "data/bids/", "--to", "data/bids.db", .. arguments]);

    private async Task<IReadOnlyList<string>> FollowToEndAsync() =>
        (await ProgramUnderTest.RunAsync("Recorder", _folder, null, "--follow", "data/live.jsonl", "--idle-exit", "1")).Texts;

    private List<string> RecordedIds() => [.. JsonLinesSink.FilesOf(_folder["data/bids"]).SelectMany(File.ReadLines).Select(line =>
        BidLine.TryRead(Encoding.UTF8.GetBytes(line), out var bid, out _) ? bid.MessageId : $"no bid: {line}")];
}
