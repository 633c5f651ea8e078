using AuctionTracker.LocalBroker.Discovery;
using AuctionTracker.LocalBroker.Processes;

namespace AuctionTracker.LocalBroker.Nodes;

/// <summary>RabbitMQ in a container that is removed when it ends.</summary>
internal static class DockerNode
{
    private const string Image = "rabbitmq:4-management";

    // Killing the docker command leaves the container running, so SIGTERM becomes a docker stop.
    private const string StopOnSignal = """
        name=$0
        docker run --rm --name "$name" "$@" &
        run=$!
        trap 'docker stop --time 8 "$name"; kill $run' TERM
        wait $run || wait $run
        """;

    // On Windows the docker command is killed with its owner. Then the container's standard input ends. Runs in the container.
    private const string StopOnEndOfInput = """
        exec 3<&0
        { cat <&3 >/dev/null; kill 1; } &
        exec docker-entrypoint.sh rabbitmq-server </dev/null 3<&-
        """;

    /// <summary>Whether there is a Docker engine behind the docker command; one that hangs does not count.</summary>
    public static async Task<bool> IsPossibleAsync(TimeProvider time, CancellationToken ct)
    {
        if (Executable.Find("docker") is null)
        {
            return false;
        }

        await using var info = OwnedProcess.Start("docker", ["info"], grace: TimeSpan.Zero);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var late = Task.Delay(TimeSpan.FromSeconds(5), time, timeout.Token);
        var inTime = await Task.WhenAny(info.Exited, late) == info.Exited;
        await timeout.CancelAsync();
        ct.ThrowIfCancellationRequested();
        return inTime && await info.Exited == 0;
    }

    public static BrokerPlan Prepare(BrokerRequest request)
    {
        var free = Ports.Free(2);
        var (port, adminPort) = (request.Port ?? free[0], request.AdminPort ?? free[1]);
        var container = $"auction-tracker-{Guid.NewGuid():N}";
        string[] options = ["-p", $"127.0.0.1:{port}:5672", "-p", $"127.0.0.1:{adminPort}:15672", .. Volume(request.Folder), Image];
        var (program, args) = OperatingSystem.IsWindows()
            ? ("docker", (string[])["run", "--rm", "-i", "--name", container, .. options, "sh", "-c", StopOnEndOfInput])
            : ("sh", ["-c", StopOnSignal, container, .. options]);
        var name = $"{Image} in Docker";
        return new()
        {
            Name = name,
            Origin = $"a {Image} container of our own",
            Takes = "about 10 s, and the first time as long as its download",
            Nodes =
            [
                new() { Name = name, Port = port, AdminPort = adminPort, Program = program, Args = args, Patience = TimeSpan.FromMinutes(5) },
            ],
        };
    }

    /// <summary>
    /// RabbitMQ names its data folder for the host, so the host's name stays. The data are in a folder of their own, because an
    /// installed RabbitMQ of another version can't read them. Erlang's cookie is not in it, because a Windows folder can't have the
    /// file mode that Erlang asks for.
    /// </summary>
    private static string[] Volume(string? folder) => folder is null
        ? []
        : ["--hostname", "auction", "-v", $"{Path.Combine(Path.GetFullPath(folder), "docker", "mnesia")}:/var/lib/rabbitmq/mnesia"];
}
