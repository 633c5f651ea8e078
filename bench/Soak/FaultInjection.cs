using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>Injects random faults into broker, programs and connections, and measures how long bids take to flow again.</summary>
internal sealed class FaultInjection
{
    private static readonly TimeSpan RecoveryTimeout = TimeSpan.FromMinutes(2);

    private readonly RunningBroker _broker;
    private readonly TcpProxy? _proxy;
    private readonly SoakPrograms _programs;
    private readonly BidAudit _audit;
    private readonly ProgramRun _run;
    private readonly Random _random;
    private readonly (string Name, Func<Task> InjectAsync)[] _faults;
    private readonly List<(string What, TimeSpan Took)> _times = [];
    private Func<Task>? _repair;

    /// <param name="broker">The broker or the cluster.</param>
    /// <param name="proxy">The proxy before a single broker; <see langword="null"/> for a cluster.</param>
    /// <param name="programs">The producers and consumers.</param>
    /// <param name="audit">Sees the bids that the consumers handle.</param>
    /// <param name="run">The log and the clock.</param>
    /// <param name="names">The faults to choose from, a subset of <see cref="Names"/>.</param>
    /// <param name="seed">The same seed injects the same faults.</param>
    public FaultInjection(
        RunningBroker broker, TcpProxy? proxy, SoakPrograms programs, BidAudit audit, ProgramRun run,
        IReadOnlyCollection<string> names, int seed)
    {
        (_broker, _proxy, _programs, _audit, _run, _random) = (broker, proxy, programs, audit, run, new Random(seed));
        _faults = [.. All.Where(fault => names.Contains(fault.Name))];
    }

    /// <summary>All faults. Some need a single broker behind the proxy, and <c>kill-leader</c> needs a cluster.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "kill-broker", "kill-producer", "kill-consumer", "close-connection", "cut-connections", "stall-connections", "memory-alarm",
        "malformed-messages", "kill-leader",
    ];

    /// <summary>The number of malformed messages published so far.</summary>
    public int MalformedMessages { get; private set; }

    private (string Name, Func<Task> InjectAsync)[] All =>
    [
        ("kill-broker", KillBrokerAsync),
        ("kill-producer", () => _programs.KillProducerAsync(_random.Next(2))),
        ("kill-consumer", () => _programs.KillConsumerAsync(_random.Next(2))),
        ("close-connection", CloseConsumerConnectionAsync),
        ("cut-connections", CutConnectionsAsync),
        ("stall-connections", StallConnectionsAsync),
        ("memory-alarm", RaiseMemoryAlarmAsync),
        ("malformed-messages", PublishMalformedMessagesAsync),
        ("kill-leader", KillLeaderAsync),
    ];

    /// <summary>The faults that are possible with a cluster or with a single broker.</summary>
    public static IReadOnlyList<string> NamesFor(bool isCluster) =>
        [.. Names.Except(isCluster ? ["kill-broker", "cut-connections", "stall-connections"] : ["kill-leader"])];

    /// <summary>Injects faults until the duration or the number of faults is reached, and waits for recovery after each.</summary>
    /// <exception cref="ProgramException">Bids did not flow again within two minutes.</exception>
    public async Task RunAsync(TimeSpan duration, int maxFaults, CancellationToken stop)
    {
        var start = _run.Time.GetTimestamp();
        await _audit.WaitForBidsAsync(RecoveryTimeout, stop);
        for (var i = 1; i <= maxFaults && _run.Time.GetElapsedTime(start) < duration && !stop.IsCancellationRequested; i++)
        {
            var pause = TimeSpan.FromSeconds(1 + (2 * _random.NextDouble()));
            await Task.Delay(pause, _run.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (name, injectAsync) = _faults[_random.Next(_faults.Length)];
            await injectAsync();
            var recovery = await _audit.WaitForBidsAsync(RecoveryTimeout, CancellationToken.None);
            await RepairAsync();
            _times.Add(($"{name}: bids flow again", recovery));
            _run.Log.Information("{Minutes:0.0} min, {Number}: {Fault}; bids flow again after {Seconds:0.00} s.",
                _run.Time.GetElapsedTime(start).TotalMinutes, i, name, recovery.TotalSeconds);
        }
    }

    /// <summary>Prints the recovery times of each fault.</summary>
    public void Print()
    {
        Console.WriteLine();
        foreach (var group in _times.GroupBy(t => t.What).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var seconds = group.Select(t => t.Took.TotalSeconds).Order().ToList();
            Console.WriteLine(FormattableString.Invariant(
                $"{group.Key,-36} {seconds.Count,4} times, after: median {seconds[seconds.Count / 2]:0.00} s, worst {seconds[^1]:0.00} s"));
        }
    }

    private async Task KillBrokerAsync()
    {
        await _broker.KillAsync();
        await PauseAsync(maxSeconds: 2);
        await _broker.RestartAsync();
    }

    /// <summary>Kills the node of a queue's leader. The node restarts after bids flow without it.</summary>
    private async Task KillLeaderAsync()
    {
        var queue = AuctionTopology.QueueFor(SoakPrograms.Items[_random.Next(SoakPrograms.Items.Count)]);
        var leaders = await _broker.ControlAsync(CancellationToken.None, "list_queues", "name", "leader");
        var leader = leaders.Single(line => line.StartsWith(queue + "\t", StringComparison.Ordinal)).Split('\t')[1];
        var node = int.Parse(leader["auction".Length..leader.IndexOf('@', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        await _broker.KillAsync(node);
        _repair = () => _broker.RestartAsync(node);
    }

    private async Task RepairAsync()
    {
        if (_repair is { } repair)
        {
            _repair = null;
            var start = _run.Time.GetTimestamp();
            await repair();
            _times.Add(("kill-leader: node restarted", _run.Time.GetElapsedTime(start)));
        }
    }

    /// <summary>Closes a consumer's connection, like the button "Force Close" of the management UI.</summary>
    private async Task CloseConsumerConnectionAsync()
    {
        // The client properties of a connection name its program.
        var connections = await _broker.ControlAsync(CancellationToken.None, "list_connections", "pid", "client_properties");
        var consumers = connections.Where(line => line.Contains("consumer", StringComparison.Ordinal)).ToList();
        if (consumers.Count > 0)
        {
            var pid = consumers[_random.Next(consumers.Count)].Split('\t')[0];
            await _broker.ControlAsync(CancellationToken.None, "close_connection", pid, "soak");
        }
    }

    private Task CutConnectionsAsync()
    {
        _proxy!.Cut();
        return Task.CompletedTask;
    }

    /// <summary>Stalls all connections for three heartbeats, long enough for every program to notice.</summary>
    private async Task StallConnectionsAsync()
    {
        var start = _run.Time.GetTimestamp();
        _proxy!.Stall();
        await Task.Delay(3 * SoakPrograms.Heartbeat, _run.Time);
        _proxy.Resume();
        _times.AddRange(_audit.ConnectionLossesSince(start).Select(delay => ("stall-connections: noticed", delay)));
    }

    private async Task RaiseMemoryAlarmAsync()
    {
        await _broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.00001");
        await PauseAsync(maxSeconds: 10);
        await _broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.4");
    }

    private async Task PublishMalformedMessagesAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            var body = new byte[4 + _random.Next(200)];
            _random.NextBytes(body);
            BitConverter.TryWriteBytes(body, ++MalformedMessages); // makes each body unique
            await PlainClient.PublishAsync(_broker.Uri, AuctionTopology.QueueFor("art"), body);
        }
    }

    private Task PauseAsync(int maxSeconds) => Task.Delay(TimeSpan.FromSeconds(maxSeconds * _random.NextDouble()), _run.Time);
}
