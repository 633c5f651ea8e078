using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>FaultInjection, drawn from a seed: what, to whom, and when.</summary>
internal sealed class FaultInjection
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly RunningBroker _broker;
    private readonly TcpProxy? _proxy;
    private readonly SoakPrograms _cast;
    private readonly BidAudit _ledger;
    private readonly ProgramRun _run;
    private readonly Random _random;
    private readonly (string Name, Func<Task> Do)[] _kinds;
    private readonly List<(string What, TimeSpan Took)> _times = [];
    private Func<Task>? _repair;

    /// <summary>Makes harm ready to be done.</summary>
    /// <param name="broker">The broker, or the cluster.</param>
    /// <param name="proxy">What stands before it; <see langword="null"/> before a cluster.</param>
    /// <param name="cast">The programs.</param>
    /// <param name="ledger">Sees whether bids flow.</param>
    /// <param name="run">The run.</param>
    /// <param name="names">Which of <see cref="Names"/> are done.</param>
    /// <param name="seed">The same seed does the same harm.</param>
    public FaultInjection(RunningBroker broker, TcpProxy? proxy, SoakPrograms cast, BidAudit ledger, ProgramRun run, IReadOnlyCollection<string> names, int seed)
    {
        (_broker, _proxy, _cast, _ledger, _run, _random) = (broker, proxy, cast, ledger, run, new Random(seed));
        _kinds = [.. All.Where(kind => names.Contains(kind.Name))];
    }

    /// <summary>Every harm; <c>cut</c> and <c>stall</c> need a single broker, <c>leader</c> a cluster.</summary>
    public static IReadOnlyList<string> Names { get; } = ["broker", "producer", "consumer", "close", "cut", "stall", "alarm", "garbage", "leader"];

    /// <summary>How many messages were sent that are no bids.</summary>
    public int GarbageSent { get; private set; }

    private (string Name, Func<Task> Do)[] All =>
    [
        ("broker", KillBrokerAsync),
        ("producer", () => _cast.KillProducerAsync(_random.Next(2))),
        ("consumer", () => _cast.KillConsumerAsync(_random.Next(2))),
        ("close", CloseConsumerAsync),
        ("cut", CutAsync),
        ("stall", StallAsync),
        ("alarm", AlarmAsync),
        ("garbage", LitterAsync),
        ("leader", KillLeaderAsync),
    ];

    /// <summary>Does harm until the time is over or it was done so often; each time waits until bids flow again.</summary>
    /// <exception cref="ProgramException">Bids did not flow again within two minutes.</exception>
    public async Task DoAsync(TimeSpan length, int times, CancellationToken stop)
    {
        var start = _run.Time.GetTimestamp();
        await _ledger.FlowAsync(Patience, stop);
        for (var i = 1; i <= times && _run.Time.GetElapsedTime(start) < length && !stop.IsCancellationRequested; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (2 * _random.NextDouble())), _run.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (name, harm) = _kinds[_random.Next(_kinds.Length)];
            await harm();
            var recovery = await _ledger.FlowAsync(Patience, CancellationToken.None);
            await RepairAsync();
            _times.Add(($"{name}: bids flow again", recovery));
            _run.Log.Information("{Minutes:0.0} min, {Number}: {FaultInjection}; bids flow again after {Seconds:0.00} s.",
                _run.Time.GetElapsedTime(start).TotalMinutes, i, name, recovery.TotalSeconds);
        }
    }

    public void Print()
    {
        Console.WriteLine();
        foreach (var kind in _times.GroupBy(t => t.What).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var seconds = kind.Select(t => t.Took.TotalSeconds).Order().ToList();
            Console.WriteLine(FormattableString.Invariant(
                $"{kind.Key,-32} {seconds.Count,4} times, after: median {seconds[seconds.Count / 2]:0.00} s, worst {seconds[^1]:0.00} s"));
        }
    }

    private async Task KillBrokerAsync()
    {
        await _broker.KillAsync();
        await PauseAsync(2);
        await _broker.RestartAsync();
    }

    /// <summary>The node comes back when bids flow without it.</summary>
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
            _times.Add(("the node is back", _run.Time.GetElapsedTime(start)));
        }
    }

    /// <summary>As the admin site's button "Force Close" does. A connection is named after its program.</summary>
    private async Task CloseConsumerAsync()
    {
        var connections = await _broker.ControlAsync(CancellationToken.None, "list_connections", "pid", "client_properties");
        var consumers = connections.Where(line => line.Contains("consumer", StringComparison.Ordinal)).ToList();
        if (consumers.Count > 0)
        {
            await _broker.ControlAsync(CancellationToken.None, "close_connection", consumers[_random.Next(consumers.Count)].Split('\t')[0], "soak");
        }
    }

    private Task CutAsync()
    {
        _proxy!.Cut();
        return Task.CompletedTask;
    }

    /// <summary>Long enough for every program to notice.</summary>
    private async Task StallAsync()
    {
        var start = _run.Time.GetTimestamp();
        _proxy!.Stall();
        await Task.Delay(3 * SoakPrograms.Heartbeat, _run.Time);
        _proxy.Resume();
        _times.AddRange(_ledger.LossesSince(start).Select(noticed => ("stall: noticed", noticed)));
    }

    private async Task AlarmAsync()
    {
        await _broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.00001");
        await PauseAsync(10);
        await _broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.4");
    }

    private async Task LitterAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            var garbage = new byte[4 + _random.Next(200)];
            _random.NextBytes(garbage);
            BitConverter.TryWriteBytes(garbage, ++GarbageSent);
            await PlainClient.PublishAsync(_broker.Uri, AuctionTopology.QueueFor("art"), garbage);
        }
    }

    private Task PauseAsync(int most) => Task.Delay(TimeSpan.FromSeconds(most * _random.NextDouble()), _run.Time);
}
