using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using CsvHelper;

namespace AuctionTracker.Replay;

/// <summary>A file of bids: CSV, or JSON lines of the wire format; told apart by the first character.</summary>
internal static class BidFile
{
    /// <summary>More bad rows than this are only counted.</summary>
    private const int BadRowsShown = 20;

    public static async Task<IReadOnlyList<BidMessage>> ReadAsync(
        string path, CsvTimes times, IReadOnlyDictionary<string, string> map, ProgramRun run, CancellationToken stop)
    {
        try
        {
            using var text = new StreamReader(path);
            var rows = text.Peek() == '{' ? JsonLines.ReadAsync(text, stop) : CsvBids.ReadAsync(text, path, times, map, stop);
            var bids = new List<Bid>();
            await foreach (var row in rows)
            {
                if (row.Bid is { } bid)
                {
                    bids.Add(bid);
                }
                else
                {
                    SayBad(path, row, run);
                }
            }

            if (bids.Count == 0)
            {
                throw new ProgramException($"{path} holds no bids.");
            }

            run.Log.Information("{Path}: {Count} bids on {Items} items, {Bad} bad rows.",
                path, bids.Count, bids.Select(b => b.Item).Distinct().Count(), run.Counts.BadRows.Value);
            var now = run.Time.GetUtcNow();
            return [.. bids.OrderBy(b => b.Timestamp).Take(run.Settings.Producer.Count ?? int.MaxValue).Select(b => BidMessage.Of(b, now))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProgramException($"{path} can't be read: {e.Message}", e);
        }
        catch (CsvFormatException e)
        {
            throw new ProgramException($"{path} is no CSV: {e.Message}", e);
        }
    }

    private static void SayBad(string path, FileRow row, ProgramRun run)
    {
        run.Counts.BadRows.Add(1);
        if (run.Counts.BadRows.Value <= BadRowsShown)
        {
            run.Log.Warning("{Path}:{Line}: {Reason}. Not sent.", path, row.Line, row.Refusal);
        }
        else if (run.Counts.BadRows.Value == BadRowsShown + 1)
        {
            run.Log.Warning("{Path}: more bad rows follow; they are counted, but not shown.", path);
        }
    }
}

/// <summary>A row of a file: a bid, or why it is none.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Bid">The bid, or <see langword="null"/>.</param>
/// <param name="Refusal">Why it is none, or <see langword="null"/>.</param>
internal readonly record struct FileRow(long Line, Bid? Bid, string? Refusal);
