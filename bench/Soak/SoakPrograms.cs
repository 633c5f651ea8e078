using System.Globalization;
using System.Runtime.InteropServices;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>Two producers and two consumers as child processes. A killed one is replaced by a new one.</summary>
internal sealed class SoakPrograms : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Items = ["electronics", "furniture", "art"];

    /// <summary>The AMQP heartbeat of the programs.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>The consumers are stopped after this time without progress.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder;
    private readonly string _brokers;
    private readonly BidAudit _audit;
    private readonly OwnedProcess[] _producers = new OwnedProcess[2];
    private readonly OwnedProcess[] _consumers = new OwnedProcess[2];
    private int _seed;

    private SoakPrograms(TempFolder folder, string brokers, BidAudit audit, int seed) =>
        (_folder, _brokers, _audit, _seed) = (folder, brokers, audit, seed * 1000);

    public static async Task<SoakPrograms> StartAsync(
        TempFolder folder, IReadOnlyList<Uri> brokers, bool isQuorum, BidAudit audit, int seed)
    {
        await File.WriteAllTextAsync(folder[".env.toml"], $"""
            [broker]
            heartbeat = {Heartbeat.TotalSeconds:0}
            wait = true
            queue_type = "{(isQuorum ? "quorum" : "classic")}"
            """);
        var programs = new SoakPrograms(folder, string.Join(',', brokers), audit, seed);
        for (var i = 0; i < 2; i++)
        {
            (programs._producers[i], programs._consumers[i]) = (programs.StartProducer(), programs.StartConsumer());
        }

        return programs;
    }

    public Task KillProducerAsync(int index) => ReplaceAsync(_producers, index, StartProducer);

    public Task KillConsumerAsync(int index) => ReplaceAsync(_consumers, index, StartConsumer);

    /// <summary>Stops the producers, waits until the consumers have handled all bids, and stops the consumers.</summary>
    /// <exception cref="ProgramException">A program ended with an exit code other than 0.</exception>
    public async Task StopAsync()
    {
        await StopAsync(_producers);

        using var poll = new PeriodicTimer(DrainPoll);
        var (unhandled, idlePolls) = (int.MaxValue, 0);
        while (_audit.CountUnhandled() is > 0 and var now && idlePolls < DrainTimeout / DrainPoll)
        {
            idlePolls = now < unhandled ? 0 : idlePolls + 1;
            unhandled = now;
            await poll.WaitForNextTickAsync();
        }

        await StopAsync(_consumers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _producers.Concat(_consumers))
        {
            await process.DisposeAsync();
        }
    }

    private OwnedProcess StartProducer() =>
        Start("Producer.V3", "--interval", "0.01", "--seed", (++_seed).ToString(CultureInfo.InvariantCulture), "--logs", $"logs{_seed}");

    private OwnedProcess StartConsumer() => Start("Consumer.V2", "--logs", $"logs{++_seed}");

    private OwnedProcess Start(string name, params string[] arguments) => OwnedProcess.StartProgram(
        name,
        arguments,
        new Dictionary<string, string?> { ["AUCTION_BROKER"] = _brokers },
        _folder.Path,
        OnOutput,
        Console.Error.WriteLine);

    private void OnOutput(string line)
    {
        _audit.Add(line);
        if (line.Contains(" ERROR ", StringComparison.Ordinal) || line.Contains(" CRITICAL ", StringComparison.Ordinal))
        {
            Console.Error.WriteLine(line);
        }
    }

    private static async Task StopAsync(OwnedProcess[] processes)
    {
        foreach (var process in processes)
        {
            process.Send(PosixSignal.SIGTERM); // a background job's children ignore SIGINT
            if (await process.Exited is not 0 and var exitCode)
            {
                throw new ProgramException($"A program ended with exit code {exitCode}.");
            }
        }
    }

    private static async Task ReplaceAsync(OwnedProcess[] processes, int index, Func<OwnedProcess> start)
    {
        processes[index].Kill();
        await processes[index].Exited; // the audit has all its lines now
        processes[index] = start();
    }
}
