using AuctionTracker.Report.Formats;
using AuctionTracker.Report.Sources;

namespace AuctionTracker.Report.Commands;

/// <summary>Writes a report.</summary>
internal static class ReportCommand
{
    public static async Task RunAsync(IReportSource source, ReportDefinition report, ReportQuery query, ReportOutput output, CancellationToken stop)
    {
        await using var engine = await source.OpenAsync(stop);
        await using var result = await Record.ShowAsync($"Reading {source.Name}", () => query.RunAsync(engine, report, stop));
        string[] about = [source.Name, query.Filter.Description, report.HasTimes ? $"times in {query.Filter.Zone.Id}" : ""];
        var subtitle = string.Join(" · ", about.Where(part => part.Length > 0));
        await output.WriteAsync(
            new ReportTable(report.Title, subtitle, result.Columns, result.ReadAsync(stop), query.Filter.Zone) { Picture = report.Picture, Sums = report.Sums },
            stop);
    }
}
