// Soak: injects faults while producers and consumers run, and accounts for every bid. It fails when a bid is lost.
using System.CommandLine;
using AuctionTracker.Bench.Soak;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

var minutes = Number("--minutes", 10.0, "Minutes of fault injection.");
var times = Number("--times", int.MaxValue, "Maximum number of faults.");
var seed = Number("--fault-seed", 1, "The same seed injects the same faults.");
var nodes = Number("--nodes", 1, "Number of broker nodes. More than one is a cluster with quorum queues.");
var sales = new Option<bool>("--sales") { Description = "Kills Auctioneer, Settlement, broker and mail server, and checks that each auction is sold, settled and mailed once." };
var auctions = Number("--sales-auctions", 2_000, "With --sales: about so many auctions. --times kills are spread over them.");
var only = new Option<string[]>("--only")
{
    Description = "Inject only these faults.",
    HelpName = "FAULT",
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong([.. FaultInjection.Names]);
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Soak interrupted. Counting.")
{
    Options = [minutes, times, seed, nodes, only, sales, auctions],
};

return await AuctionProgram.RunAsync("soak", "Injects faults and checks that no bid is lost.", definition, args, async (run, stop) =>
{
    if (run.Arguments.GetValue(sales))
    {
        await SalesSoak.RunAsync(run, run.Arguments.GetValue(times), run.Arguments.GetValue(auctions), run.Arguments.GetValue(seed), stop);
        return;
    }

    var (faultSeed, isCluster) = (run.Arguments.GetValue(seed), run.Arguments.GetValue(nodes) > 1);
    var faults = run.Arguments.GetValue(only) is { Length: > 0 } chosen ? chosen : FaultInjection.NamesFor(isCluster);
    using var folder = new TempFolder();
    await using var broker = await RunningBroker.StartAsync(
        new BrokerRequest { Killable = true, NeedsAdminSite = true, Nodes = run.Arguments.GetValue(nodes) },
        line => run.Log.Information("{Line}", line), run.Time, stop);
    await using var proxy = isCluster ? null : new TcpProxy(broker.Uri);
    var audit = new BidAudit(run.Time);
    await QueueTap.DeclareAsync(broker.Uri, isCluster, stop);
    IReadOnlyList<Uri> uris = proxy is null ? broker.Uris : [proxy.Uri];
    await using var programs = await SoakPrograms.StartAsync(folder, uris, isCluster, audit, faultSeed);

    var injection = new FaultInjection(broker, proxy, programs, audit, run, faults, faultSeed);
    await injection.RunAsync(TimeSpan.FromMinutes(run.Arguments.GetValue(minutes)), run.Arguments.GetValue(times), stop);

    await programs.StopAsync();
    injection.Print();
    if (await audit.PrintTotalsAsync(broker.Uri, injection.MalformedMessages) is > 0 and var lost)
    {
        throw new ProgramException($"{lost} messages are lost.");
    }
});

static Option<T> Number<T>(string flag, T defaultValue, string description) =>
    new(flag) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
