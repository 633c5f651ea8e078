using System.Globalization;
using System.Runtime.InteropServices;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>Two producers and two consumers as processes; one that dies is started again.</summary>
internal sealed class SoakPrograms : IAsyncDisposable
{
    /// <summary>What is bid on.</summary>
    public static readonly IReadOnlyList<string> Items = ["electronics", "furniture", "art"];

    /// <summary>The programs' heartbeat.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(3);

    private readonly TempFolder _folder;
    private readonly string _brokers;
    private readonly BidAudit _ledger;
    private readonly OwnedProcess[] _producers = new OwnedProcess[2];
    private readonly OwnedProcess[] _consumers = new OwnedProcess[2];
    private int _seed;

    private SoakPrograms(TempFolder folder, string brokers, BidAudit ledger, int seed) =>
        (_folder, _brokers, _ledger, _seed) = (folder, brokers, ledger, seed * 1000);

    public static async Task<SoakPrograms> StartAsync(TempFolder folder, IReadOnlyList<Uri> brokers, bool isQuorum, BidAudit ledger, int seed)
    {
        await File.WriteAllTextAsync(folder[".env.toml"], $"""
            [broker]
            heartbeat = {Heartbeat.TotalSeconds:0}
            wait = true
            queue_type = "{(isQuorum ? "quorum" : "classic")}"
            """);
        var cast = new SoakPrograms(folder, string.Join(',', brokers), ledger, seed);
        for (var i = 0; i < 2; i++)
        {
            (cast._producers[i], cast._consumers[i]) = (cast.Produce(), cast.Consume());
        }

        return cast;
    }

    public Task KillProducerAsync(int which) => ReplaceAsync(_producers, which, Produce);

    public Task KillConsumerAsync(int which) => ReplaceAsync(_consumers, which, Consume);

    /// <summary>Stops the producers, lets the consumers read what is left, and stops them.</summary>
    public async Task FinishAsync()
    {
        await EndAsync(_producers);

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var (open, still) = (int.MaxValue, 0);
        while (_ledger.Open() is > 0 and var now && still < 150)
        {
            still = now < open ? 0 : still + 1;
            open = now;
            await poll.WaitForNextTickAsync();
        }

        await EndAsync(_consumers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _producers.Concat(_consumers))
        {
            await program.DisposeAsync();
        }
    }

    private OwnedProcess Produce() => Start("Producer.V3", "--interval", "0.01", "--seed", (++_seed).ToString(CultureInfo.InvariantCulture), "--logs", $"logs{_seed}");

    private OwnedProcess Consume() => Start("Consumer.V2", "--logs", $"logs{++_seed}");

    private OwnedProcess Start(string name, params string[] arguments) => OwnedProcess.StartProgram(
        name,
        arguments,
        new Dictionary<string, string?> { ["AUCTION_BROKER"] = _brokers },
        _folder.Path,
        Take,
        Console.Error.WriteLine);

    private void Take(string line)
    {
        _ledger.Take(line);
        if (line.Contains(" ERROR ", StringComparison.Ordinal) || line.Contains(" CRITICAL ", StringComparison.Ordinal))
        {
            Console.Error.WriteLine(line);
        }
    }

    /// <exception cref="ProgramException">One failed, now or before: it had died by itself.</exception>
    private static async Task EndAsync(OwnedProcess[] programs)
    {
        foreach (var program in programs)
        {
            program.Send(PosixSignal.SIGTERM); // a soak in the background hands SIGINT down as ignored
            if (await program.Exited is not 0 and var exitCode)
            {
                throw new ProgramException($"A program ended with exit code {exitCode}.");
            }
        }
    }

    private static async Task ReplaceAsync(OwnedProcess[] programs, int which, Func<OwnedProcess> start)
    {
        programs[which].Kill();
        await programs[which].Exited; // with it, all its lines are in the ledger
        programs[which] = start();
    }
}
