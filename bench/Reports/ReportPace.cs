using AuctionTracker.Bench.FlatCost;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Reports;

/// <summary>Runs the program and DuckDB alone in turns, each as a process from its start to its end, and compares.</summary>
internal static class ReportPace
{
    public static async Task MeasureAsync(LargeRecord record, string report, string file, int rounds, ProgramRun run, CancellationToken stop)
    {
        var query = Report.ReportDefinition.All.Single(r => r.Name == report).Query;
        List<(double Report, double Alone)> seconds = [];
        var peak = 0.0;
        for (var round = 0; round < rounds; round++)
        {
            var alone = round % 2 == 0 ? await AloneAsync() : 0;
            var (own, memory) = await TimeAsync(() => OwnedProcess.StartProgram(
                "Report", [report, "--from", file, "--out", Path.Combine(record.Folder, "report.csv")], workingFolder: record.Folder));
            alone = round % 2 == 0 ? alone : await AloneAsync();
            seconds.Add((own, alone));
            peak = Math.Max(peak, memory);
        }

        run.Log.Information(
            "{Report} over {File}: {Seconds:0.00} s, DuckDB alone {Alone:0.00} s, ratio {Ratio:0.00} (median of {Rounds}); peak memory {Peak:#,0} MiB",
            report, Path.GetFileName(file), Median(seconds.Select(s => s.Report)), Median(seconds.Select(s => s.Alone)),
            Median(seconds.Select(s => s.Report / s.Alone)), rounds, peak);

        async Task<double> AloneAsync() => (await TimeAsync(() => OwnedProcess.Start(
            "dotnet", [typeof(ReportPace).Assembly.Location, DuckDBAlone.Command, DuckDBAlone.Select(file), query], workingFolder: record.Folder))).Seconds;

        async Task<(double Seconds, double Memory)> TimeAsync(Func<OwnedProcess> start)
        {
            var before = run.Time.GetTimestamp();
            await using var process = start();
            var usage = ProcessUsage.UntilEndAsync(process.Id, process.Exited, run.Time, stop);
            var exitCode = await process.Exited.WaitAsync(stop);
            var elapsed = run.Time.GetElapsedTime(before).TotalSeconds;
            return exitCode == 0 ? (elapsed, (await usage).PeakMemory) : throw new ProgramException($"A program ended with exit code {exitCode}.");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
