namespace AuctionTracker.LocalBroker;

/// <summary>A node of our own, on a leash, from its start until nothing is left of it.</summary>
internal sealed class OwnNode : IAsyncDisposable
{
    private const int LinesToQuote = 12;

    private readonly NodePlan _plan;
    private readonly Leash _leash;
    private readonly Queue<string> _lastLines = new();

    private OwnNode(NodePlan plan)
    {
        _plan = plan;
        _leash = Leash.Start(
            "sh", ["-c", plan.Script, .. plan.Args], plan.Environment, plan.Folder, onOutput: Keep, onError: Keep);
    }

    public Uri Uri => AmqpAddress.Local(_plan.Port);

    public Uri AdminSite => Uri.AdminSite(_plan.AdminPort);

    public string Origin => $"{_plan.Origin} on port {_plan.Port}";

    public Task Exited => _leash.Exited;

    /// <summary>Starts the node and waits until AMQP and the admin site answer; if that fails, nothing stays behind.</summary>
    public static async Task<OwnNode> StartAsync(NodePlan plan, Action<string> say, TimeProvider time, CancellationToken ct)
    {
        say($"Starting {plan.Name} on port {plan.Port} ({plan.Takes})...");
        var node = new OwnNode(plan);
        try
        {
            var started = time.GetTimestamp();
            await node.AnswerAsync(time, ct);
            say(FormattableString.Invariant($"{plan.Name} is ready after {time.GetElapsedTime(started).TotalSeconds:0.0} s."));
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_plan.FolderIsScratch)
        {
            _leash.Send(Signal.Kill);
        }

        await _leash.DisposeAsync();
        if (_plan.FolderIsScratch && Directory.Exists(_plan.Folder))
        {
            Directory.Delete(_plan.Folder, recursive: true);
        }
    }

    private async Task AnswerAsync(TimeProvider time, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(_plan.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        using var api = new ManagementApi(AdminSite, Uri);
        try
        {
            while ((await Greeting.ToAsync(Uri, either.Token)).Cluster is null
                || await api.ClusterNameAsync(either.Token) is null)
            {
                if (_leash.Exited.IsCompleted)
                {
                    throw Failure($"ended while it was starting (exit code {await _leash.Exited})");
                }

                await Task.Delay(TimeSpan.FromSeconds(0.2), time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Failure(FormattableString.Invariant($"did not answer within {_plan.Patience.TotalSeconds:0} s"));
        }
    }

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
