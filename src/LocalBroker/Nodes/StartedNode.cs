using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker.Discovery;

namespace AuctionTracker.LocalBroker.Nodes;

/// <summary>A node that we started. It can be killed and started again, with the same ports and data.</summary>
internal sealed class StartedNode : IAsyncDisposable
{
    private const int LinesToQuote = 12;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly NodePlan _plan;
    private readonly TimeProvider _time;
    private readonly Queue<string> _lastLines = new();
    private OwnedProcess _process;

    /// <summary>Starts the node, and does not wait for it.</summary>
    public StartedNode(NodePlan plan, TimeProvider time)
    {
        (_plan, _time) = (plan, time);
        _process = Run();
    }

    public Uri Uri => AmqpAddress.Local(_plan.Port);

    public Uri AdminSite => Uri.AdminSite(_plan.AdminPort);

    /// <summary>Completes when the node has ended. A restart replaces it.</summary>
    public Task Exited => _process.Exited;

    /// <summary>Waits until AMQP and the admin site answer and the nodes that run have formed a cluster.</summary>
    /// <param name="running">How many nodes of the cluster run now, this one included.</param>
    /// <param name="all">How many nodes the cluster has.</param>
    /// <param name="ct">Stops the waiting.</param>
    public async Task WaitUntilReadyAsync(Func<int> running, int all, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(_plan.Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        using var api = new ManagementApi(AdminSite, Uri);
        try
        {
            while (!await IsReadyAsync(either.Token))
            {
                if (_process.Exited.IsCompleted)
                {
                    throw Failure($"ended while it was starting (exit code {await _process.Exited})");
                }

                await Task.Delay(TimeSpan.FromSeconds(0.2), _time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Failure(FormattableString.Invariant($"did not answer within {_plan.Patience.TotalSeconds:0} s"));
        }

        // A complete cluster can lose a node only when its quorum queues are complete as well.
        async Task<bool> IsReadyAsync(CancellationToken token) =>
            (await HandshakeProbe.ToAsync(Uri, token)).Cluster is not null
            && await api.RunningNodesAsync(token) >= running()
            && (running() < all || all == 1 || await api.CanSpareNodeAsync(token));
    }

    /// <summary>Kills the node with all its processes, and waits until they have ended.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.DisposeAsync();
    }

    /// <summary>Starts the node again; one that runs is stopped first. Does not wait until it answers.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        _process = Run();
    }

    /// <summary>Runs <c>rabbitmqctl</c> on the node and returns the lines it prints.</summary>
    public async Task<IReadOnlyList<string>> ControlAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var output = new List<string>();
        await using var control = OwnedProcess.Start(
            _plan.Control!, ["-s", "-n", _plan.Environment!["RABBITMQ_NODENAME"]!, .. arguments], _plan.Environment, _plan.Folder, output.Add, output.Add);
        if (await control.Exited.WaitAsync(ct) != 0)
        {
            throw new InvalidOperationException($"rabbitmqctl {string.Join(' ', arguments)} failed: {string.Join(' ', output)}");
        }

        return output;
    }

    /// <summary>Stops the node, and waits until all its processes have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        // Erlang answers Ctrl+Break with a menu instead of stopping.
        if (OperatingSystem.IsWindows() && _plan.Control is not null && !_process.Exited.IsCompleted)
        {
            using var timeout = new CancellationTokenSource(StopTimeout, _time);
            try
            {
                await ControlAsync(["stop"], timeout.Token);
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
            {
                // The node is not up yet, or hangs: it is killed below.
            }
        }

        await _process.DisposeAsync();
    }

    private OwnedProcess Run() => OwnedProcess.Start(_plan.Program, _plan.Args, _plan.Environment, _plan.Folder, onOutput: Keep, onError: Keep);

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
