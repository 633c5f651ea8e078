// FlatCost: runs a consumer on few and on many bids, items, auctions, ... and compares the CPU time of a bid and the memory.
using System.CommandLine;
using AuctionTracker.Bench.FlatCost;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

var groups = FlatCase.All.Select(c => c.Group).Distinct().ToArray();
var only = new Option<string[]>("--only")
{
    Description = $"Run only these: {string.Join(", ", groups)}.",
    HelpName = "NAME",
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong(groups);
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "FlatCost interrupted. Stopping.") { Options = [only] };

const string Purpose = "Measures whether a bid costs the same however many there are.";
return await AuctionProgram.RunAsync("flat-cost", Purpose, definition, args, async (run, stop) =>
{
    if (!OperatingSystem.IsLinux())
    {
        throw new ProgramException("This reads CPU time and memory from Linux's /proc. Run it on Linux.");
    }

    var request = new BrokerRequest { NeedsAdminSite = true };
    await using var broker = await RunningBroker.StartAsync(request, line => run.Log.Information("{Line}", line), run.Time, stop);
    foreach (var group in run.Arguments.GetValue(only) is { Length: > 0 } chosen ? chosen : groups)
    {
        double? smallest = null;
        foreach (var flatCase in FlatCase.All.Where(c => c.Group == group))
        {
            var result = await FlatRun.RunAsync(flatCase, broker, run, stop);
            smallest ??= result.Cpu;
            run.Log.Information("{Group}: {Name}: {Result}; {Ratio:0.00} of the first", group, flatCase.Name, result, result.Cpu / smallest);
        }
    }
});
