// Pump: the suite's producer and consumer against the client library alone, on the same broker, with the same bids.
using System.CommandLine;
using AuctionTracker.Bench.Pump;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.LocalBroker;

switch (args)
{
    case [BareProducer.Argument, .. var work]:
        await BareProducer.RunAsync(MeasuredProgram.Broker, Work.Parse(work));
        return 0;
    case [BareConsumer.Argument, .. var work]:
        await BareConsumer.RunAsync(MeasuredProgram.Broker, Work.Parse(work));
        return 0;
}

var bids = new Option<int>("--bids") { Description = "How many bids a run has.", HelpName = "N", DefaultValueFactory = _ => 100_000 };
var pairs = new Option<int>("--pairs") { Description = "How often both sides run.", HelpName = "N", DefaultValueFactory = _ => 5 };
var definition = new ProgramDefinition([AllSettings.Items, AllSettings.Prefetch], _ => [], counts => counts.Received, "Pump interrupted. Stopping.")
{
    Options = [bids, pairs],
};

return await AuctionProgram.RunAsync("pump", "Measures the suite against the client library alone.", definition, args, async (run, stop) =>
{
    var request = new BrokerRequest { OwnOnly = true, NeedsAdminSite = true };
    await using var broker = await RunningBroker.StartAsync(request, line => run.Log.Information("{Line}", line), run.Time, stop);
    var folder = Directory.CreateTempSubdirectory("auction-pump-");
    try
    {
        var work = Work.Of(run, run.Arguments.GetValue(bids));
        var (suite, bare) = (Side.Suite(work, folder.FullName), Side.Bare(work));
        var (race, comparison) = (new Race(broker, work, run, folder.FullName), new Comparison());
        for (var pair = 0; pair < run.Arguments.GetValue(pairs); pair++)
        {
            // The first turn may be a good or a bad one to have: the sides change places.
            var sides = pair % 2 == 0 ? (suite, bare) : (bare, suite);
            var (first, second) = await race.RunAsync(sides.Item1, sides.Item2, stop);
            comparison.Add(pair % 2 == 0 ? (first, second) : (second, first));
        }

        comparison.PrintMedians();
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});
