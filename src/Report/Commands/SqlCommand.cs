using AuctionTracker.Report.Formats;
using AuctionTracker.Report.Sources;

namespace AuctionTracker.Report.Commands;

/// <summary>The command <c>sql</c>: a person's query.</summary>
internal static class SqlCommand
{
    public static async Task RunAsync(Record record, string sql, TimeZoneInfo zone, ReportOutput output, CancellationToken stop)
    {
        await using var engine = await record.OpenAsync(stop);
        await using var result = await Record.ShowAsync($"Reading {record.Name}", () => engine.QueryUntrustedAsync(sql, stop));
        await output.WriteAsync(
            new ReportTable(string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), $"{record.Name} · times in {zone.Id}", result.Columns, result.ReadAsync(stop), zone),
            stop);
    }
}
