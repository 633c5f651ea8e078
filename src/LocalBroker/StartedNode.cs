namespace AuctionTracker.LocalBroker;

/// <summary>A node of our own, on a leash. It can be killed and started again, with the same ports and data.</summary>
internal sealed class StartedNode : IAsyncDisposable
{
    private const int LinesToQuote = 12;

    private readonly NodePlan _plan;
    private readonly TimeProvider _time;
    private readonly Queue<string> _lastLines = new();
    private OwnedProcess _leash;

    private StartedNode(NodePlan plan, TimeProvider time)
    {
        (_plan, _time) = (plan, time);
        _leash = Run();
    }

    public Uri Uri => AmqpAddress.Local(_plan.Port);

    public Uri AdminSite => Uri.AdminSite(_plan.AdminPort);

    /// <summary>Of what runs now; another one after a restart.</summary>
    public Task Exited => _leash.Exited;

    /// <summary>Starts the node, and does not wait for it.</summary>
    public static StartedNode Start(NodePlan plan, TimeProvider time) => new(plan, time);

    /// <summary>Waits until AMQP and the admin site answer, and as many nodes of the cluster as can be found each other.</summary>
    /// <param name="running">How many nodes of the cluster run now, this one included.</param>
    /// <param name="all">How many nodes the cluster has.</param>
    /// <param name="ct">Stops the waiting.</param>
    public async Task AnswerAsync(Func<int> running, int all, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(_plan.Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        using var api = new ManagementApi(AdminSite, Uri);
        try
        {
            while (!await IsReadyAsync(either.Token))
            {
                if (_leash.Exited.IsCompleted)
                {
                    throw Failure($"ended while it was starting (exit code {await _leash.Exited})");
                }

                await Task.Delay(TimeSpan.FromSeconds(0.2), _time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Failure(FormattableString.Invariant($"did not answer within {_plan.Patience.TotalSeconds:0} s"));
        }

        // A cluster that is complete is ready for the next fault only when its quorum queues are complete as well.
        async Task<bool> IsReadyAsync(CancellationToken token) =>
            (await HandshakeProbe.ToAsync(Uri, token)).Cluster is not null
            && await api.RunningNodesAsync(token) >= running()
            && (running() < all || all == 1 || await api.CanSpareNodeAsync(token));
    }

    /// <summary>Kills the node; returns when nothing of it is left.</summary>
    public async Task KillAsync()
    {
        _leash.Send(Signal.Kill);
        await _leash.DisposeAsync();
    }

    /// <summary>Starts the node once more; one that runs is stopped first. Does not wait until it answers.</summary>
    public async Task RestartAsync()
    {
        await _leash.DisposeAsync();
        _leash = Run();
    }

    /// <summary>Runs <c>rabbitmqctl</c>, which lies beside the server, on the node, and returns the lines it prints.</summary>
    public async Task<IReadOnlyList<string>> ControlAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var said = new List<string>();
        var control = Path.Combine(Path.GetDirectoryName(_plan.Args[0])!, "rabbitmqctl");
        await using var leash = OwnedProcess.Start(
            control, ["-s", "-n", _plan.Environment!["RABBITMQ_NODENAME"]!, .. arguments], _plan.Environment, _plan.Folder, said.Add, said.Add);
        if (await leash.Exited.WaitAsync(ct) != 0)
        {
            throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)} failed: {string.Join(' ', said)}");
        }

        return said;
    }

    /// <summary>Stops the node in order; returns when nothing of it is left.</summary>
    public ValueTask DisposeAsync() => _leash.DisposeAsync();

    private OwnedProcess Run() => OwnedProcess.Start(
        "sh", ["-c", _plan.Script, .. _plan.Args], _plan.Environment, _plan.Folder, onOutput: Keep, onError: Keep);

    private BrokerUnavailableException Failure(string what)
    {
        lock (_lastLines)
        {
            return new($"{_plan.Name} {what}. Its last lines say why; or set AUCTION_BROKER to a broker that runs."
                + string.Concat(_lastLines.Select(line => $"{Environment.NewLine}    {line}")));
        }
    }

    private void Keep(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesToQuote)
            {
                _lastLines.Dequeue();
            }
        }
    }
}
