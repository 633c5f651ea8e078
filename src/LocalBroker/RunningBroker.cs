namespace AuctionTracker.LocalBroker;

/// <summary>
/// A broker to work with: the first that can be had of AUCTION_BROKER, one already on the port, Docker, an installed
/// rabbitmq-server, and, as root on Debian or Ubuntu, one installed for the purpose.
/// </summary>
public sealed class RunningBroker : IAsyncDisposable
{
    private readonly OwnNode? _own;

    private RunningBroker(ExistingBroker existing)
    {
        (Uri, AdminSite, Origin) = existing;
        Ended = new TaskCompletionSource().Task;
    }

    private RunningBroker(OwnNode own) =>
        (_own, Uri, AdminSite, Origin, Ended) = (own, own.Uri, own.AdminSite, own.Origin, own.Exited);

    /// <summary>Its AMQP address, with user name and password.</summary>
    public Uri Uri { get; }

    /// <summary>Its admin site, if that answers.</summary>
    public Uri? AdminSite { get; }

    /// <summary>Where it comes from, for people: "the broker already running on localhost:5672".</summary>
    public string Origin { get; }

    /// <summary>We started it, so it ends with us.</summary>
    public bool IsOwn => _own is not null;

    /// <summary>Completes when a broker that we started ends; never for another.</summary>
    public Task Ended { get; }

    /// <summary>Finds a broker or starts one, and waits until it answers.</summary>
    /// <param name="request">What kind of broker is wanted.</param>
    /// <param name="say">Gets a line for each thing that takes time.</param>
    /// <param name="time">The clock for waits.</param>
    /// <param name="ct">Stops the attempt; then nothing that it started stays behind.</param>
    /// <exception cref="BrokerUnavailableException">There is none to be had; the message says what to do.</exception>
    public static async Task<RunningBroker> StartAsync(
        BrokerRequest request, Action<string> say, TimeProvider time, CancellationToken ct)
    {
        if (!request.OwnOnly && await ExistingBroker.FindAsync(request, ct) is { } existing)
        {
            say($"Using {existing.Origin}.");
            return new(existing);
        }
        Ports.Require(request.Port, "--port");
        Ports.Require(request.AdminPort, "--admin-port");

        if (OperatingSystem.IsWindows())
        {
            throw new BrokerUnavailableException($"No broker answers, and on Windows none is started for you. {WaysOut.Text}");
        }

        if (await DockerNode.IsPossibleAsync(time, ct))
        {
            try
            {
                return new(await OwnNode.StartAsync(DockerNode.Prepare(request), say, time, ct));
            }
            catch (BrokerUnavailableException e) when (Installation.Find() is not null)
            {
                say($"{e.Message}{Environment.NewLine}Going on without Docker.");
            }
        }
        if (Installation.Find() is { } installed)
        {
            return new(await OwnNode.StartAsync(await PrivateNode.PrepareAsync(installed, request, ct), say, time, ct));
        }

        // The package may have started a broker of its own by now, perhaps on the very port: look again from the top.
        return await DebianPackage.InstallAsync(say, ct)
            ? await StartAsync(request, say, time, ct)
            : throw new BrokerUnavailableException($"No broker answers on localhost, and none could be started. {WaysOut.Text}");
    }

    /// <summary>Stops what we started, and only that.</summary>
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
