// Peers: sends the same number of bids through the suite and through other RabbitMQ clients, in turns, and compares pace and CPU time.
using System.CommandLine;
using AuctionTracker.Bench.Peers;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

if (args is [var client, var uri, var number] && PeerProgram.Find(client) is { } peerProgram)
{
    await peerProgram(new Uri(uri), int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
    return 0;
}

var bids = Number("--bids", 600_000, "Number of bids in a run. 600,000 is warm, 60,000 is cold: start-up is included.");
var rounds = Number("--rounds", 3, "Number of runs of each peer, in turns.");
var only = new Option<string[]>("--only")
{
    Description = $"Run only these: {string.Join(", ", Peer.All.Select(peer => peer.Name))}.",
    HelpName = "NAME",
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong([.. Peer.All.Select(peer => peer.Name)]);
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Peers interrupted. Stopping.") { Options = [bids, rounds, only] };

const string Purpose = "Compares the suite with other RabbitMQ clients.";
return await AuctionProgram.RunAsync("peers", Purpose, definition, args, async (run, stop) =>
{
    var request = new BrokerRequest { NeedsAdminSite = true };
    await using var broker = await RunningBroker.StartAsync(request, line => run.Log.Information("{Line}", line), run.Time, stop);
    var folder = Directory.CreateTempSubdirectory("auction-peers-");
    try
    {
        var chosen = run.Arguments.GetValue(only) is { Length: > 0 } names ? Peer.All.Where(peer => names.Contains(peer.Name)) : Peer.All;
        List<Peer> peers = [];
        foreach (var peer in chosen)
        {
            if (await peer.InstallAsync(stop) is { } missing)
            {
                run.Log.Warning("Without {Peer}: {Reason}", peer.Name, missing);
                continue;
            }

            peers.Add(peer);
        }

        var table = new ResultTable(peers);
        for (var round = 0; round < run.Arguments.GetValue(rounds); round++)
        {
            for (var i = 0; i < peers.Count; i++)
            {
                // Each round begins with another peer, so that none always comes after the same one.
                var peer = peers[(i + round) % peers.Count];
                var result = await PeerRun.RunAsync(peer, run.Arguments.GetValue(bids), broker, run, folder.FullName, stop);
                table.Add(peer, result);
                run.Log.Information("{Peer}: {Result}", peer.Name, result);
            }
        }

        table.Print();
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});

static Option<int> Number(string flag, int defaultValue, string description) =>
    new(flag) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "N" };
