namespace AuctionTracker.LocalBroker;

/// <summary>RabbitMQ in a container, removed when it ends.</summary>
internal static class DockerNode
{
    private const string Image = "rabbitmq:4-management";

    // Killing the docker command leaves the container running, so the leash's SIGTERM becomes a docker stop.
    private const string Script = """
        name=$0
        docker run --rm --name "$name" "$@" &
        run=$!
        trap 'docker stop --time 8 "$name"; kill $run' TERM
        wait $run || wait $run
        """;

    /// <summary>Whether there is a Docker engine behind the docker command; one that hangs does not count.</summary>
    public static async Task<bool> IsPossibleAsync(TimeProvider time, CancellationToken ct)
    {
        if (Executable.Find("docker") is null)
        {
            return false;
        }

        await using var info = OwnedProcess.Start("docker", ["info"], grace: TimeSpan.Zero);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var late = Task.Delay(TimeSpan.FromSeconds(5), time, patience.Token);
        var inTime = await Task.WhenAny(info.Exited, late) == info.Exited;
        await patience.CancelAsync();
        ct.ThrowIfCancellationRequested();
        return inTime && await info.Exited == 0;
    }

    public static BrokerPlan Prepare(BrokerRequest request)
    {
        var free = Ports.Free(2);
        var (port, adminPort) = (request.Port ?? free[0], request.AdminPort ?? free[1]);
        // A node's data is filed under its host name: keep it, and the queues survive a new container. The folder within
        // the folder is because an installed RabbitMQ of another version can't read what this one writes.
        string[] kept = request.Folder is null
            ? []
            : ["--hostname", "auction", "-v", $"{Path.GetFullPath(request.Folder)}/docker:/var/lib/rabbitmq"];
        return new()
        {
            Name = $"{Image} in Docker",
            Origin = $"a {Image} container of our own",
            Takes = "about 10 s, and the first time as long as its download",
            Nodes =
            [
                new()
                {
                    Name = $"{Image} in Docker",
                    Port = port,
                    AdminPort = adminPort,
                    Script = Script,
                    Args =
                    [
                        $"auction-tracker-{Guid.NewGuid():N}",
                        "-p", $"127.0.0.1:{port}:5672", "-p", $"127.0.0.1:{adminPort}:15672", .. kept, Image,
                    ],
                    Patience = TimeSpan.FromMinutes(5),
                },
            ],
        };
    }
}
