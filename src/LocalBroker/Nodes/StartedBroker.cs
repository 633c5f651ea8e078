namespace AuctionTracker.LocalBroker.Nodes;

/// <summary>A broker that we started: a node or a cluster.</summary>
internal sealed class StartedBroker : IAsyncDisposable
{
    private readonly BrokerPlan _plan;
    private readonly OwnedProcess? _epmd;
    private readonly IReadOnlyList<StartedNode> _nodes;

    private StartedBroker(BrokerPlan plan, TimeProvider time)
    {
        _plan = plan;
        // Through a shell, so that the node reports a missing epmd in a sentence.
        _epmd = plan.EpmdPort is { } port
            ? OwnedProcess.Start("sh", ["-c", "exec epmd -port $0 -address 127.0.0.1", $"{port}"], grace: TimeSpan.Zero)
            : null;
        _nodes = [.. plan.Nodes.Select(node => new StartedNode(node, time))];
        Ended = Task.WhenAll(_nodes.Select(node => node.Exited));
    }

    public IReadOnlyList<Uri> Uris => [.. _nodes.Select(node => node.Uri)];

    public Uri AdminSite => _nodes[0].AdminSite;

    public string Origin => $"{_plan.Origin} on {_plan.Ports}";

    /// <summary>Completes when no node runs any more. A restart replaces it.</summary>
    public Task Ended { get; private set; }

    /// <summary>Starts the nodes and waits until they answer as one broker. If that fails, ends what it started.</summary>
    public static async Task<StartedBroker> StartAsync(BrokerPlan plan, Action<string> say, TimeProvider time, CancellationToken ct)
    {
        say($"Starting {plan.Name} on {plan.Ports} ({plan.Takes})...");
        var started = time.GetTimestamp();
        var broker = new StartedBroker(plan, time);
        try
        {
            var count = broker._nodes.Count;
            await Task.WhenAll(broker._nodes.Select(node => node.WaitUntilReadyAsync(broker.Running, count, ct)));
            var seconds = time.GetElapsedTime(started).TotalSeconds;
            say(FormattableString.Invariant($"{plan.Name} {(count == 1 ? "is" : "are")} ready after {seconds:0.0} s."));
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    public Task KillAsync(int node) => Node(node).KillAsync();

    public Task<IReadOnlyList<string>> ControlAsync(int node, IReadOnlyList<string> arguments, CancellationToken ct) =>
        Node(node).ControlAsync(arguments, ct);

    public async Task RestartAsync(int node, CancellationToken ct)
    {
        var restarted = Node(node);
        await restarted.RestartAsync();
        Ended = Task.WhenAll(_nodes.Select(n => n.Exited));
        await restarted.WaitUntilReadyAsync(Running, _nodes.Count, ct);
    }

    public async ValueTask DisposeAsync()
    {
        // All at once: a node that stopped last waits for no other when it starts again, and the others wait for it.
        await Task.WhenAll(_nodes.Select(node => _plan.ScratchFolder is null ? node.DisposeAsync().AsTask() : node.KillAsync()));
        if (_epmd is not null)
        {
            await _epmd.DisposeAsync();
        }

        if (Directory.Exists(_plan.ScratchFolder))
        {
            Directory.Delete(_plan.ScratchFolder, recursive: true);
        }
    }

    private int Running() => _nodes.Count(node => !node.Exited.IsCompleted);

    private StartedNode Node(int number)
    {
        if (!_plan.IsKillable)
        {
            throw new InvalidOperationException("This broker can't be killed: ask for one with BrokerRequest.Killable.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, _nodes.Count);
        return _nodes[number - 1];
    }
}
