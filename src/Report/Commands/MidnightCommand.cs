using AuctionTracker.Core.Hosting;
using AuctionTracker.Records.Queries;
using AuctionTracker.Report.Midnight;
using AuctionTracker.Report.Sources;

namespace AuctionTracker.Report.Commands;

/// <summary>
/// The command <c>midnight</c>: writes the report of each day that is over and has none, or whose bids have changed since. It looks at the
/// start, after each midnight, and every ten minutes for bids that arrive late.
/// </summary>
internal static class MidnightCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>How long after midnight it looks: bids that are on their way arrive.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(ProgramRun run, Record record, ReportQuery query, string folder, bool once, CancellationToken stop)
    {
        var since = query.Filter.Since is { } time ? query.Filter.MomentOf(TimeZoneInfo.ConvertTime(time, query.Filter.Zone).Date) : (DateTimeOffset?)null;
        var reports = new DayReports(run, record, query with { Filter = query.Filter with { Since = since } }, folder);
        await reports.WriteDueAsync(stop);
        if (!once)
        {
            run.Log.Information("The report of each day goes to {Folder} after midnight ({Zone}). Ctrl+C ends.", folder, query.Filter.Zone.Id);
        }

        while (!once)
        {
            var now = run.Time.GetUtcNow();
            var midnight = query.Filter.MomentOf(TimeZoneInfo.ConvertTime(now - Grace, query.Filter.Zone).Date.AddDays(1)) + Grace;
            await Task.Delay(midnight - now < Interval ? midnight - now : Interval, run.Time, stop);
            try
            {
                await reports.WriteDueAsync(stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidQueryException or ProgramException)
            {
                run.Log.Warning("{Text} Trying again in {Minutes} minutes.", e.Message, Interval.TotalMinutes);
            }
        }
    }
}
