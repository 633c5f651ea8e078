// Alerts: consumer v4 and a real mail server. How soon a mail is there, what v4's alerts cost its bids, and what kill -9 doubles.
using System.CommandLine;
using AuctionTracker.Bench.AlertDelivery;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

var kills = new Option<int>("--kills") { Description = "How often consumer v4 gets kill -9.", DefaultValueFactory = _ => 50, HelpName = "N" };
var away = new Option<int>("--away") { Description = "For how many seconds the mail server is not there.", DefaultValueFactory = _ => 60, HelpName = "N" };
var pairs = new Option<int>("--pairs") { Description = "How often consumers v3 and v4 each run.", DefaultValueFactory = _ => 5, HelpName = "N" };
var bids = new Option<int>("--bids") { Description = "How many bids each of them reads.", DefaultValueFactory = _ => 100_000, HelpName = "N" };
var seed = new Option<int>("--kill-seed") { Description = "The same seed kills at the same moments.", DefaultValueFactory = _ => 1, HelpName = "N" };
var only = new Option<string[]>("--only") { Description = "Only this.", AllowMultipleArgumentsPerToken = true, HelpName = "WHAT" };
only.AcceptOnlyFromAmong("lateness", "storm", "kills", "pace");
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Alerts interrupted.") { Options = [kills, away, pairs, bids, seed, only] };

return await AuctionProgram.RunAsync("alerts", "Measures how soon, how surely and at what cost alerts are mailed.", definition, args, async (run, stop) =>
{
    await using var broker = await RunningBroker.StartAsync(
        new BrokerRequest { OwnOnly = true, NeedsAdminSite = true }, line => run.Log.Information("{Line}", line), run.Time, stop);
    var wanted = run.Arguments.GetValue(only) is { Length: > 0 } some ? some : ["lateness", "storm", "kills", "pace"];
    foreach (var what in wanted)
    {
        await using var scene = await AlertBench.SetAsync(broker, run, stop);
        await (what switch
        {
            "lateness" => Lateness.MeasureAsync(scene, TimeSpan.FromMinutes(1), stop),
            "storm" => Storm.MeasureAsync(scene, TimeSpan.FromSeconds(run.Arguments.GetValue(away)), stop),
            "kills" => Kills.MeasureAsync(scene, run.Arguments.GetValue(kills), run.Arguments.GetValue(seed), stop),
            _ => Pace.MeasureAsync(scene, run.Arguments.GetValue(pairs), run.Arguments.GetValue(bids), stop),
        });
    }
});
