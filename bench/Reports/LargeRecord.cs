using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Reports;

/// <summary>A record of many bids, spread over thirty days, in a temporary folder: JSON lines, and the Parquet file that Report exports from it.</summary>
internal sealed class LargeRecord(ProgramRun run) : IDisposable
{
    private const int OpenAuctions = 1000;
    private static readonly DateTimeOffset Start = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Length = TimeSpan.FromDays(30);

    public string Folder { get; } = Directory.CreateTempSubdirectory("auction-reports-").FullName;

    public string JsonLines => Path.Combine(Folder, "bids.jsonl");

    public string Parquet => Path.Combine(Folder, "bids.parquet");

    public async Task WriteAsync(int count, CancellationToken stop)
    {
        var generator = new BidGenerator(run.Settings.Items, seed: 1, badRate: 0, run.Time, OpenAuctions);
        await using (var file = new FileStream(JsonLines, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
        {
            for (var number = 0; number < count; number++)
            {
                var message = generator.Next();
                var time = Start + (Length / count * number);
                BidJson.TryRead(message.Body.Span, out var bid, out _);
                await file.WriteAsync(new BidLine(message.Id, bid! with { Timestamp = time }, time).ToBytes(), stop);
            }
        }

        await using var export = OwnedProcess.StartProgram("Report", ["export", Parquet, "--from", JsonLines], workingFolder: Folder);
        if (await export.Exited.WaitAsync(stop) != 0)
        {
            throw new ProgramException("Report export failed.");
        }

        run.Log.Information(
            "{Count} bids: {Json:#,0} MB of JSON lines, {Parquet:#,0} MB of Parquet.",
            count.ToString("#,0", CultureInfo.InvariantCulture), new FileInfo(JsonLines).Length / 1e6, new FileInfo(Parquet).Length / 1e6);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
