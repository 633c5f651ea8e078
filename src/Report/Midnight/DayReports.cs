using AuctionTracker.Core.Hosting;
using AuctionTracker.Records.Queries;
using AuctionTracker.Report.Sources;

namespace AuctionTracker.Report.Midnight;

/// <summary>The reports of a folder, one for each day.</summary>
/// <param name="run">The clock and the log.</param>
/// <param name="record">The record.</param>
/// <param name="query">The zone and the threshold, and the first moment that is looked at.</param>
/// <param name="folder">The folder.</param>
internal sealed class DayReports(ProgramRun run, Record record, ReportQuery query, string folder)
{
    private const int MaxQuietDays = 31;

    private static readonly ReportDefinition Days = ReportDefinition.Load("midnight/days");

    /// <summary>Writes what is missing or no longer true.</summary>
    /// <exception cref="IOException">The record can't be read, or the folder can't be written.</exception>
    public async Task WriteDueAsync(CancellationToken stop)
    {
        await using var engine = await record.OpenAsync(stop);
        var figures = await FiguresAsync(engine, stop);
        record.LogUnreadable();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(run.Time.GetUtcNow(), query.Filter.Zone).Date);
        foreach (var day in EachDay(figures.Keys, today))
        {
            var current = figures.GetValueOrDefault(day) ?? DayFigures.None(day);
            var written = WrittenReport.Read(folder, day);
            if (written is not null && written.Bids == current.Bids && written.Total == current.Total)
            {
                continue;
            }

            var report = await DayReport.ReadAsync(engine, query, record.Name, current, written?.FirstBids ?? current.Bids, stop);
            await ReportOutput.WriteFileAsync(WrittenReport.PathOf(folder, day, "html"), output => report.WriteHtmlAsync(output, stop), stop);
            await ReportOutput.WriteFileAsync(WrittenReport.PathOf(folder, day, "csv"), output => report.WriteCsvAsync(output, stop), stop);
            run.Log.Information(
                written is null ? "{Path}: {Bids}." : "{Path}: written again, {Bids}.", WrittenReport.PathOf(folder, day, "html"), Cells.ShowBids(current.Bids));
        }
    }

    /// <summary>
    /// The days with bids, and the quiet days after them, up to yesterday. After a month of quiet days there are no more reports.
    /// The first day of the calendar has no day before, and no report.
    /// </summary>
    private static IEnumerable<DateOnly> EachDay(IEnumerable<DateOnly> days, DateOnly today) => days
        .Where(day => day > DateOnly.MinValue && day < today)
        .SelectMany(day => Enumerable.Range(0, Math.Min(today.DayNumber - day.DayNumber, MaxQuietDays + 1)).Select(day.AddDays))
        .Distinct().Order();

    private async Task<Dictionary<DateOnly, DayFigures>> FiguresAsync(IQueryEngine engine, CancellationToken stop)
    {
        await using var result = await query.RunAsync(engine, Days, stop);
        return await result.ReadAsync(stop).Select(DayFigures.Read).ToDictionaryAsync(figures => figures.Day, cancellationToken: stop);
    }
}
