using System.Collections;

namespace AuctionTracker.LocalBroker;

/// <summary>
/// An installed RabbitMQ as a node that keeps to its folder and to this machine: data, log, cookie and settings are in the
/// folder, it listens on 127.0.0.1 only, and it has an epmd (Erlang's register of node names) of its own.
/// </summary>
internal static class PrivateNode
{
    // Two nodes must never write to one folder. The lock is the node's, not ours: after our kill -9 it lives a little longer.
    // Erlang would start an epmd that outlives everybody; ours must be up before the node looks for one.
    private const string Script = """
        exec 9>lock
        if command -v flock >/dev/null && ! flock -w 15 9; then
            echo "Another RabbitMQ runs in $PWD: stop it, or choose another folder." >&2
            exit 1
        fi
        epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 &
        until epmd -names >/dev/null 2>&1 || ! kill -s 0 $!; do sleep 0.1; done
        exec "$0"
        """;

    public static async Task<NodePlan> PrepareAsync(Installation installation, BrokerRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested(); // from here on, a folder is there that only a node deletes
        var free = Ports.Free(4);
        var (port, adminPort) = (request.Port ?? free[0], request.AdminPort ?? free[1]);
        var folder = request.Folder is null
            ? Directory.CreateTempSubdirectory("auction-broker-").FullName
            : Directory.CreateDirectory(request.Folder).FullName;
        string In(string name) => Path.Combine(folder, name);

        var settings = Settings(port, adminPort, installation.Version);
        await File.WriteAllTextAsync(In("rabbitmq.conf"), settings, CancellationToken.None);
        await File.WriteAllTextAsync(In("rabbitmq-env.conf"), "# instead of the one in /etc/rabbitmq\n", CancellationToken.None);
        await File.WriteAllTextAsync(In("enabled_plugins"), "[rabbitmq_management].\n", CancellationToken.None);

        return new()
        {
            Name = installation.Name,
            Origin = $"a {installation.Name} node of our own",
            Takes = "about 10 s",
            Port = port,
            AdminPort = adminPort,
            Script = Script,
            Args = [installation.Server],
            Folder = folder,
            FolderIsScratch = request.Folder is null,
            Patience = TimeSpan.FromSeconds(60),
            Environment = new Dictionary<string, string?>(Inherited())
            {
                ["HOME"] = folder, // Erlang's cookie is there
                ["ERL_EPMD_PORT"] = $"{free[2]}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["ERL_FLAGS"] = "-start_epmd false",
                ["RABBITMQ_NODENAME"] = "auction@localhost",
                ["RABBITMQ_DIST_PORT"] = $"{free[3]}",
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
                ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = In("advanced.config"),
                ["RABBITMQ_CONF_ENV_FILE"] = In("rabbitmq-env.conf"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
                ["RABBITMQ_MNESIA_BASE"] = In("data"),
                ["RABBITMQ_LOG_BASE"] = In("log"),
            },
        };
    }

    private static string Settings(int port, int adminPort, Version? version) => $"""
        listeners.tcp.default = 127.0.0.1:{port}
        management.tcp.ip = 127.0.0.1
        management.tcp.port = {adminPort}
        {(version is { Major: 3, Minor: >= 10 } ? "classic_queue.default_version = 2" : "# 4.x has no other classic queues")}

        """;

    /// <summary>Removes what the person's own RabbitMQ and Erlang are set to.</summary>
    private static Dictionary<string, string?> Inherited() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(variable => (string)variable.Key)
        .Where(name =>
            name.StartsWith("RABBITMQ_", StringComparison.Ordinal) || name.StartsWith("ERL_", StringComparison.Ordinal))
        .ToDictionary(name => name, _ => (string?)null);
}
