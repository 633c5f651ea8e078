// AlertDelivery: measures consumer v4 with a real mail server. Mail latency, a mail server outage, kill -9, and throughput.
using System.CommandLine;
using AuctionTracker.Bench.AlertDelivery;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

string[] measurements = ["latency", "outage", "kills", "throughput"];
var kills = Number("--kills", 50, "Number of times consumer v4 is killed.");
var outage = Number("--outage", 60, "Seconds for which the mail server is down.");
var pairs = Number("--pairs", 5, "Number of throughput runs of consumers v3 and v4 each.");
var bids = Number("--bids", 100_000, "Number of bids in a throughput run.");
var seed = Number("--kill-seed", 1, "The same seed kills at the same moments.");
var only = new Option<string[]>("--only")
{
    Description = "Run only these measurements.",
    HelpName = "NAME",
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong(measurements);
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "AlertDelivery interrupted. Stopping.")
{
    Options = [kills, outage, pairs, bids, seed, only],
};

const string Purpose = "Measures latency, reliability and cost of alert mails.";
return await AuctionProgram.RunAsync("alert-delivery", Purpose, definition, args, async (run, stop) =>
{
    await using var broker = await RunningBroker.StartAsync(
        new BrokerRequest { OwnOnly = true, NeedsAdminSite = true }, line => run.Log.Information("{Line}", line), run.Time, stop);
    foreach (var measurement in run.Arguments.GetValue(only) is { Length: > 0 } chosen ? chosen : measurements)
    {
        await using var environment = await BenchEnvironment.CreateAsync(broker, run, stop);
        await (measurement switch
        {
            "latency" => Latency.MeasureAsync(environment, TimeSpan.FromMinutes(1), stop),
            "outage" => MailServerOutage.MeasureAsync(environment, TimeSpan.FromSeconds(run.Arguments.GetValue(outage)), stop),
            "kills" => ConsumerKills.MeasureAsync(environment, run.Arguments.GetValue(kills), run.Arguments.GetValue(seed), stop),
            _ => Throughput.MeasureAsync(environment, run.Arguments.GetValue(pairs), run.Arguments.GetValue(bids), stop),
        });
    }
});

static Option<int> Number(string flag, int defaultValue, string description) =>
    new(flag) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
