// Report: sums up the bids of a record, and sales and stock, answers SQL over bids, exports them, and writes each day's report after midnight.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records.Queries;
using AuctionTracker.Report;
using AuctionTracker.Report.Commands;

var options = new ReportOptions();

return await AuctionProgram.RunAsync("report", "Sums up the bids of a record, and sales and stock.", options.Definition, args, async (run, stop) =>
{
    var record = options.RecordOf(run);
    try
    {
        await (options.CommandOf(run) switch
        {
            "list" => ListCommand.RunAsync(options.OutputOf(run), stop),
            "sql" => SqlCommand.RunAsync(record, options.OperandOf(run), options.FilterOf(run).Zone, options.OutputOf(run), stop),
            "export" => ExportCommand.RunAsync(run, record, options.FilterOf(run), options.OperandOf(run), stop),
            "midnight" => MidnightCommand.RunAsync(run, record, options.QueryOf(run), options.FolderOf(run), options.RunsOnce(run), stop),
            var name => ReportCommand.RunAsync(options.SourceOf(run, record), ReportOptions.ReportOf(name), options.QueryOf(run), options.OutputOf(run), stop),
        });
        record.LogUnreadable();
    }
    catch (InvalidQueryException e)
    {
        throw new SettingsException(e.Message);
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        throw new ProgramException(e.Message, e);
    }
});
