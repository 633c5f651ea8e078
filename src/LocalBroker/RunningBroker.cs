using AuctionTracker.LocalBroker.Discovery;
using AuctionTracker.LocalBroker.Nodes;

namespace AuctionTracker.LocalBroker;

/// <summary>
/// A broker that answers. The first of these is used: the one that AUCTION_BROKER names; one that already runs on the port; a
/// Docker container; an installed rabbitmq-server; and, as root on Debian or Ubuntu, one that is installed now. A cluster, and a
/// broker that can be killed, is always one of the last two.
/// </summary>
public sealed class RunningBroker : IAsyncDisposable
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly StartedBroker? _own;

    private RunningBroker(ExistingBroker existing) => (Uris, AdminSite, Origin) = ([existing.Uri], existing.AdminSite, existing.Origin);

    private RunningBroker(StartedBroker own) => (_own, Uris, AdminSite, Origin) = (own, own.Uris, own.AdminSite, own.Origin);

    /// <summary>Its AMQP address, with user name and password; of a cluster, the first node's.</summary>
    public Uri Uri => Uris[0];

    /// <summary>The AMQP addresses of all its nodes, in order: node 1 is the first.</summary>
    public IReadOnlyList<Uri> Uris { get; }

    /// <summary>Its admin site, if that answers; of a cluster, the first node's.</summary>
    public Uri? AdminSite { get; }

    /// <summary>Where it comes from, in messages: "the broker already running on localhost:5672".</summary>
    public string Origin { get; }

    /// <summary>Whether we started it, so that it ends with us.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>
    /// Completes when a broker that we started has ended, a cluster with its last node; never for another. A
    /// <see cref="RestartAsync"/> replaces it.
    /// </summary>
    public Task Ended => _own?.Ended ?? Never;

    /// <summary>Finds a broker or starts one, and waits until it answers; a cluster, until its nodes have found each other.</summary>
    /// <param name="request">What kind of broker is wanted.</param>
    /// <param name="say">Gets a line for each step that takes time.</param>
    /// <param name="time">The clock for waits.</param>
    /// <param name="ct">Stops the attempt, and ends what it started.</param>
    /// <exception cref="BrokerUnavailableException">No broker answers and none can be started; the message says what to do.</exception>
    public static async Task<RunningBroker> StartAsync(
        BrokerRequest request, Action<string> say, TimeProvider time, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Nodes, 1);
        if (!request.OwnOnly && !request.AsProcesses && await ExistingBroker.FindAsync(request, ct) is { } existing)
        {
            say($"Using {existing.Origin}.");
            return new(existing);
        }
        Ports.Require(request.Port, request.Nodes, "--port");
        Ports.Require(request.AdminPort, request.Nodes, "--admin-port");

        if (!request.AsProcesses && await DockerNode.IsPossibleAsync(time, ct))
        {
            try
            {
                return new(await StartedBroker.StartAsync(DockerNode.Prepare(request), say, time, ct));
            }
            catch (BrokerUnavailableException e) when (Installation.Find() is not null)
            {
                say($"{e.Message}{Environment.NewLine}Going on without Docker.");
            }
        }
        if (Installation.Find() is { } installed)
        {
            return new(await StartedBroker.StartAsync(await InstalledNode.PrepareAsync(installed, request, ct), say, time, ct));
        }

        // The package may have started a broker of its own by now, perhaps on the very port: look again from the top.
        return await DebianPackage.InstallAsync(say, ct)
            ? await StartAsync(request, say, time, ct)
            : throw new BrokerUnavailableException(request.AsProcesses
                ? $"A cluster, or a broker that can be killed, needs an installed rabbitmq-server. {BrokerUnavailableException.ClusterHint}"
                : $"No broker answers on localhost, and none could be started. {BrokerUnavailableException.InstallHint}");
    }

    /// <summary>
    /// Kills a node as <c>kill -9</c> does, with all its processes, and waits until they have ended. It keeps its data and its
    /// ports for <see cref="RestartAsync"/>.
    /// </summary>
    /// <param name="node">The node's number, from 1.</param>
    /// <exception cref="InvalidOperationException">It was not asked for as <see cref="BrokerRequest.Killable"/>, nor as a cluster.</exception>
    public Task KillAsync(int node = 1) => Own.KillAsync(node);

    /// <summary>
    /// Starts a node again on the same ports and data; one that runs is stopped first. Waits until it answers and is in the
    /// cluster with all nodes that run; if all of them run, also until every quorum queue can lose a node.
    /// </summary>
    /// <param name="node">The node's number, from 1.</param>
    /// <param name="ct">Stops the waiting, not the node.</param>
    /// <exception cref="InvalidOperationException">It was not asked for as <see cref="BrokerRequest.Killable"/>, nor as a cluster.</exception>
    /// <exception cref="BrokerUnavailableException">The node did not answer; the message quotes its last lines.</exception>
    public Task RestartAsync(int node = 1, CancellationToken ct = default) => Own.RestartAsync(node, ct);

    /// <summary>Runs <c>rabbitmqctl</c> on the first node, and returns the lines it prints: tables without headers.</summary>
    /// <param name="ct">Stops the waiting.</param>
    /// <param name="arguments">Its arguments, as in <c>set_vm_memory_high_watermark 0.4</c>.</param>
    /// <exception cref="InvalidOperationException">It failed, or the broker was not asked for as
    /// <see cref="BrokerRequest.Killable"/>.</exception>
    public Task<IReadOnlyList<string>> ControlAsync(CancellationToken ct, params IReadOnlyList<string> arguments) =>
        Own.ControlAsync(1, arguments, ct);

    /// <summary>Stops what we started, and only that.</summary>
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;

    private StartedBroker Own => _own ?? throw new InvalidOperationException(
        $"{Origin} is not ours to kill: ask for one with BrokerRequest.Killable.");
}
