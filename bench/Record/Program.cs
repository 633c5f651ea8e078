// Record: the pace of each sink, and of all together, beside a recorder that keeps nothing, on queues of the same bids.
using System.CommandLine;
using AuctionTracker.Bench.Record;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

if (args is [NothingRecorder.Command, ..])
{
    return await NothingRecorder.RunAsync(args[1..]);
}

var bids = Number("--bids", 200_000, "Number of bids.");
var rounds = Number("--rounds", 4, "Number of rounds, an even one: RabbitMQ reads the second of two queues faster. The result is the median.");
string[] measurements = ["pace", "producer"];
var only = new Option<string[]>("--only")
{
    Description = "Run only these: pace, producer.",
    HelpName = "NAME",
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong(measurements);
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Record interrupted. Stopping.") { Options = [bids, rounds, only] };

return await AuctionProgram.RunAsync("record-pace", "Measures what it costs to keep every bid.", definition, args, async (run, stop) =>
{
    var request = new BrokerRequest { NeedsAdminSite = true };
    await using var broker = await RunningBroker.StartAsync(request, line => run.Log.Information("{Line}", line), run.Time, stop);
    var (count, repeats) = (run.Arguments.GetValue(bids), run.Arguments.GetValue(rounds));
    foreach (var measurement in run.Arguments.GetValue(only) is { Length: > 0 } chosen ? chosen : measurements)
    {
        await (measurement == "pace" ? SinkPace.MeasureAsync(broker, count, repeats, run, stop) : ProducerPace.MeasureAsync(broker, count, repeats, run, stop));
    }
});

static Option<int> Number(string flag, int defaultValue, string description) =>
    new(flag) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
