// Reports: the time and memory of a report, beside DuckDB alone with the same query, over the same file.
using System.CommandLine;
using AuctionTracker.Bench.Reports;
using AuctionTracker.Core.Hosting;

if (args is [DuckDBAlone.Command, var select, var query])
{
    return await DuckDBAlone.RunAsync(select, query);
}

var bids = new Option<int>("--bids") { Description = "Number of bids.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" };
var rounds = new Option<int>("--rounds") { Description = "Number of rounds. The result is the median.", DefaultValueFactory = _ => 5, HelpName = "N" };
var reports = new Option<string[]>("--report")
{
    Description = "The reports. [default: daily]",
    DefaultValueFactory = _ => ["daily"],
    HelpName = "NAME",
    AllowMultipleArgumentsPerToken = true,
};
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Reports interrupted. Stopping.") { Options = [bids, rounds, reports] };

return await AuctionProgram.RunAsync("reports-pace", "Measures what a report costs.", definition, args, async (run, stop) =>
{
    using var record = new LargeRecord(run);
    await record.WriteAsync(run.Arguments.GetValue(bids), stop);
    foreach (var report in run.Arguments.GetValue(reports)!)
    {
        foreach (var file in (string[])[record.JsonLines, record.Parquet])
        {
            await ReportPace.MeasureAsync(record, report, file, run.Arguments.GetValue(rounds), run, stop);
        }
    }
});
