using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Records.DuckDB;
using AuctionTracker.Report.Formats;
using AuctionTracker.Report.Sources;

namespace AuctionTracker.Report.Commands;

/// <summary>The command <c>export</c>: each bid once, in the order of its time.</summary>
internal static class ExportCommand
{
    /// <summary>The format that a file's name asks for; <see langword="null"/> for none of them.</summary>
    public static string? FormatOf(string path) => Array.Find([".parquet", ".csv", ".jsonl"], format => path.EndsWith(format, StringComparison.OrdinalIgnoreCase));

    public static async Task RunAsync(ProgramRun run, Record record, ReportFilter filter, string path, CancellationToken stop)
    {
        var values = new List<object?>();
        var sql = $"{filter.Select(values)} order by timestamp, message_id";
        var draft = Path.GetFullPath(ReportOutput.DraftOf(ReportOutput.TargetOf(path)));
        await using var engine = await record.OpenForExportAsync(draft, stop);
        var count = await Record.ShowAsync($"Exporting to {path}", () => FormatOf(path) == ".parquet"
            ? ExportParquetAsync(engine, sql, values, draft, path, stop)
            : ExportTextAsync(engine, sql, values, path, stop));
        run.Log.Information("Exported {Bids} to {Path}.", Cells.ShowBids(count), path);
    }

    private static async Task<long> ExportParquetAsync(
        DuckDBEngine engine, string sql, List<object?> values, string draft, string path, CancellationToken stop)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(draft)!);
            var count = await engine.ExportParquetAsync(sql, values, draft, stop);
            await using (var file = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, ReportOutput.TargetOf(path), overwrite: true);
            return count;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} can't be written: {e.Message}", e);
        }
        finally
        {
            ReportOutput.DeleteDraft(draft);
        }
    }

    private static async Task<long> ExportTextAsync(
        DuckDBEngine engine, string sql, List<object?> values, string path, CancellationToken stop)
    {
        var count = 0L;
        await using var result = await engine.QueryAsync(sql, values, stop);
        await ReportOutput.WriteFileAsync(path, async output =>
        {
            if (FormatOf(path) == ".csv")
            {
                await new CsvFormat().WriteAsync(new ReportTable("", "", result.Columns, CountAsync(), TimeZoneInfo.Utc), output, stop);
                return;
            }

            await foreach (var row in CountAsync())
            {
                await output.WriteAsync(LineOf(row).ToBytes(), stop);
            }
        }, stop);
        return count;

        async IAsyncEnumerable<IReadOnlyList<object?>> CountAsync()
        {
            await foreach (var row in result.ReadAsync(stop))
            {
                count++;
                yield return row;
            }
        }
    }

    /// <summary>The line that the record's JSON lines have for a bid.</summary>
    private static BidLine LineOf(IReadOnlyList<object?> row) => new(
        (string)row[0]!,
        new Bid(
            (string)row[1]!, (decimal)row[2]!, (DateTimeOffset)row[3]!, (string)row[4]!, (string)row[5]!, (string)row[6]!, (string?)row[7]),
        (DateTimeOffset)row[8]!);
}
