// Soak: real producers and consumers at work while harm is done to them, and a ledger of every bid. It fails if one is lost.
using System.CommandLine;
using AuctionTracker.Bench.Soak;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

var minutes = new Option<double>("--minutes") { Description = "How long harm is done.", DefaultValueFactory = _ => 10, HelpName = "N" };
var seed = new Option<int>("--harm-seed") { Description = "The same seed does the same harm.", DefaultValueFactory = _ => 1, HelpName = "N" };
var kind = new ProgramKind([], _ => [], counts => counts.Received, "Soak interrupted. Counting.") { OwnOptions = [minutes, seed] };

return await AuctionProgram.RunAsync("soak", "Does harm, and counts whether a bid is lost.", kind, args, async (run, stop) =>
{
    using var folder = new TempFolder();
    await using var broker = await RunningBroker.StartAsync(
        new BrokerRequest { Killable = true, NeedsAdminSite = true }, line => run.Log.Information("{Line}", line), run.Time, stop);
    await using var proxy = new TcpProxy(broker.Uri);
    var ledger = new Ledger(run.Time);
    await Tap.OpenAsync(broker.Uri, stop);
    await using var cast = await Cast.StartAsync(folder, proxy.Uri, ledger, run.Arguments.GetValue(seed));

    var harm = new Harm(broker, proxy, cast, ledger, run, new Random(run.Arguments.GetValue(seed)));
    await harm.DoAsync(TimeSpan.FromMinutes(run.Arguments.GetValue(minutes)), stop);

    await cast.FinishAsync();
    await ledger.CloseAsync(broker.Uri, harm.GarbageSent);
    ledger.Print(harm.Recoveries);
    if (ledger.Lost > 0)
    {
        throw new ProgramException($"{ledger.Lost} bids that a producer reported as sent reached no consumer.");
    }
});
