// Soak: real producers and consumers at work while harm is done to them, and a ledger of every bid. It fails if one is lost.
using System.CommandLine;
using AuctionTracker.Bench.Soak;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

var minutes = new Option<double>("--minutes") { Description = "How long harm is done.", DefaultValueFactory = _ => 10, HelpName = "N" };
var times = new Option<int>("--times") { Description = "How often harm is done at the most.", DefaultValueFactory = _ => int.MaxValue, HelpName = "N" };
var seed = new Option<int>("--harm-seed") { Description = "The same seed does the same harm.", DefaultValueFactory = _ => 1, HelpName = "N" };
var nodes = new Option<int>("--nodes") { Description = "More than one: a cluster, with quorum queues.", DefaultValueFactory = _ => 1, HelpName = "N" };
var only = new Option<string[]>("--only") { Description = "Only this harm.", AllowMultipleArgumentsPerToken = true, HelpName = "HARM" };
only.AcceptOnlyFromAmong([.. FaultInjection.Names]);
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Soak interrupted. Counting.") { Options = [minutes, times, seed, nodes, only] };

return await AuctionProgram.RunAsync("soak", "Does harm, and counts whether a bid is lost.", definition, args, async (run, stop) =>
{
    var (harmSeed, isCluster) = (run.Arguments.GetValue(seed), run.Arguments.GetValue(nodes) > 1);
    using var folder = new TempFolder();
    await using var broker = await RunningBroker.StartAsync(
        new BrokerRequest { Killable = true, NeedsAdminSite = true, Nodes = run.Arguments.GetValue(nodes) },
        line => run.Log.Information("{Line}", line), run.Time, stop);
    await using var proxy = isCluster ? null : new TcpProxy(broker.Uri);
    var ledger = new BidAudit(run.Time);
    await QueueTap.OpenAsync(broker.Uri, isCluster, stop);
    await using var cast = await SoakPrograms.StartAsync(folder, proxy is null ? broker.Uris : [proxy.Uri], isCluster, ledger, harmSeed);

    string[] possible = [.. FaultInjection.Names.Except(isCluster ? ["cut", "stall", "broker"] : ["leader"])];
    var harm = new FaultInjection(broker, proxy, cast, ledger, run, run.Arguments.GetValue(only) is { Length: > 0 } some ? some : possible, harmSeed);
    await harm.DoAsync(TimeSpan.FromMinutes(run.Arguments.GetValue(minutes)), run.Arguments.GetValue(times), stop);

    await cast.FinishAsync();
    harm.Print();
    if (await ledger.CloseAsync(broker.Uri, harm.GarbageSent) is > 0 and var missing)
    {
        throw new ProgramException($"{missing} messages are missing.");
    }
});
