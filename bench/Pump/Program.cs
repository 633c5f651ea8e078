// Pump: compares the throughput of the suite's producer and consumer with the client library alone, on the same bids.
using System.CommandLine;
using AuctionTracker.Bench.Pump;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.LocalBroker;

switch (args)
{
    case [BaselineProducer.Argument, .. var arguments]:
        await BaselineProducer.RunAsync(MeasuredProgram.Broker, Workload.Parse(arguments));
        return 0;
    case [BaselineConsumer.Argument, .. var arguments]:
        await BaselineConsumer.RunAsync(MeasuredProgram.Broker, Workload.Parse(arguments));
        return 0;
}

var bids = Number("--bids", 100_000, "Number of measured bids in a run.");
var pairs = Number("--pairs", 5, "Number of paired runs.");
Setting[] flags = [AllSettings.Items, AllSettings.Prefetch];
var definition = new ProgramDefinition(flags, _ => [], counts => counts.Received, "Pump interrupted. Stopping.")
{
    Options = [bids, pairs],
};

const string Purpose = "Compares the suite's throughput with the client library alone.";
return await AuctionProgram.RunAsync("pump", Purpose, definition, args, async (run, stop) =>
{
    var request = new BrokerRequest { OwnOnly = true, NeedsAdminSite = true };
    await using var broker = await RunningBroker.StartAsync(request, line => run.Log.Information("{Line}", line), run.Time, stop);
    var folder = Directory.CreateTempSubdirectory("auction-pump-");
    try
    {
        var workload = Workload.For(run, run.Arguments.GetValue(bids));
        var (suite, baseline) = (Contender.Suite(workload, folder.FullName), Contender.Baseline(workload));
        var (pairedRun, table) = (new PairedRun(broker, workload, run, folder.FullName), new ComparisonTable());
        for (var pair = 0; pair < run.Arguments.GetValue(pairs); pair++)
        {
            // The first time slice may be an advantage or a disadvantage, so the contenders alternate.
            if (pair % 2 == 0)
            {
                table.Add(await pairedRun.RunAsync(suite, baseline, stop));
            }
            else
            {
                var (first, second) = await pairedRun.RunAsync(baseline, suite, stop);
                table.Add((second, first));
            }
        }

        table.PrintMedians();
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});

static Option<int> Number(string flag, int defaultValue, string description) =>
    new(flag) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
