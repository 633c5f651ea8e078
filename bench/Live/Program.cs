// Live: what live figures cost in memory and time over an hour of bids, and what the dashboard costs at 10,000 bids a second.
using System.CommandLine;
using AuctionTracker.Bench.Live;
using AuctionTracker.Core.Hosting;

var rate = Number("--rate", 10_000, "Bids a second.");
var minutes = Number("--minutes", 60, "hour: minutes of bids, which pass as fast as they can.");
var seconds = Number("--seconds", 60, "load: seconds of bids.");
var only = new Option<string[]>("--only") { Description = "Run only these: hour, load.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
only.AcceptOnlyFromAmong("hour", "load");
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Live interrupted. Stopping.") { Options = [rate, minutes, seconds, only] };

return await AuctionProgram.RunAsync("live-load", "Measures what live figures and the dashboard cost.", definition, args, async (run, stop) =>
{
    var chosen = run.Arguments.GetValue(only) is { Length: > 0 } names ? names : ["hour", "load"];
    if (chosen.Contains("hour"))
    {
        HourOfBids.Measure(run, run.Arguments.GetValue(rate), run.Arguments.GetValue(minutes), stop);
    }

    if (chosen.Contains("load"))
    {
        await DashboardLoad.MeasureAsync(run, run.Arguments.GetValue(rate), run.Arguments.GetValue(seconds), stop);
    }
});

static Option<int> Number(string flag, int defaultValue, string description) =>
    new(flag) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
