using AuctionTracker.Report.Formats;

namespace AuctionTracker.Report.Commands;

/// <summary>The command <c>list</c>: the reports, and what they show.</summary>
internal static class ListCommand
{
    public static Task RunAsync(ReportOutput output, CancellationToken stop) => output.WriteAsync(
        new ReportTable("Reports", "report NAME, with --from, --item, --format, --out, and where days matter --zone, --since and --until", ["report", "shows"],
            ReportDefinition.All.Select(report => (IReadOnlyList<object?>)[report.Name, report.Description]).ToAsyncEnumerable(), TimeZoneInfo.Utc),
        stop);
}
