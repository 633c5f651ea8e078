using System.Collections;
using System.Security.Cryptography;
using AuctionTracker.LocalBroker.Discovery;

namespace AuctionTracker.LocalBroker.Nodes;

/// <summary>
/// An installed RabbitMQ as a private node, or as the nodes of a private cluster. Data, log, cookie and settings are in one
/// folder. The nodes listen on 127.0.0.1 only, and use an epmd (Erlang's register of node names) of their own.
/// </summary>
public static class InstalledNode
{
    // Two nodes must never write to one folder. The node holds the lock, because it lives a little longer than an owner that is
    // killed. Epmd must be up before the node looks for it.
    private const string Script = """
        exec 9>lock
        if command -v flock >/dev/null && ! flock -w 15 9; then
            echo "Another RabbitMQ runs in $PWD: stop it, or choose another folder." >&2
            exit 1
        fi
        left=100
        until epmd -names >/dev/null 2>&1; do
            if [ $((left -= 1)) -eq 0 ]; then
                echo "Erlang's epmd does not answer on port $ERL_EPMD_PORT: put it on PATH." >&2
                exit 1
            fi
            sleep 0.1
        done
        exec "$0"
        """;

    private static readonly string[] Nothing = [];

    internal static async Task<BrokerPlan> PrepareAsync(Installation installation, BrokerRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested(); // from here on there is a folder that only the broker deletes
        var count = request.Nodes;
        var free = Ports.Free((3 * count) + 1);
        var epmdPort = free[^1];
        var home = request.Folder is null
            ? Directory.CreateTempSubdirectory("auction-broker-").FullName
            : Directory.CreateDirectory(request.Folder).FullName;
        await ShareCookieAsync(home);

        string[] names = count == 1 ? ["auction@localhost"] : [.. Enumerable.Range(1, count).Select(n => $"auction{n}@localhost")];
        List<NodePlan> nodes = [];
        foreach (var (i, name) in names.Index())
        {
            var (port, adminPort) = (request.Port + i ?? free[i], request.AdminPort + i ?? free[count + i]);
            var folder = count == 1 ? home : Directory.CreateDirectory(Path.Combine(home, $"{i + 1}")).FullName;
            var settings = Settings(port, adminPort, installation.Version, names);
            await File.WriteAllTextAsync(Path.Combine(folder, "rabbitmq.conf"), settings, CancellationToken.None);
            await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[rabbitmq_management].\n", CancellationToken.None);
            var node = new NodePlan
            {
                Name = count == 1 ? installation.Name : $"node {i + 1} of {installation.Name}",
                Port = port,
                AdminPort = adminPort,
                Program = installation.Server,
                Args = [],
                Control = installation.Control,
                Folder = folder,
                Patience = TimeSpan.FromSeconds(60 * count), // they share the processors
                Environment = Variables(folder, name, epmdPort, distributionPort: free[(2 * count) + i]),
            };
            nodes.Add(OperatingSystem.IsWindows() ? node : OnUnix(node, home));
        }

        return new()
        {
            Name = count == 1 ? installation.Name : $"{count} nodes of {installation.Name}",
            Origin = count == 1 ? $"a {installation.Name} node of our own" : $"a cluster of {count} {installation.Name} nodes of our own",
            Takes = count == 1 ? "about 10 s" : "about 20 s",
            Nodes = nodes,
            EpmdPort = OperatingSystem.IsWindows() ? null : epmdPort,
            ScratchFolder = request.Folder is null ? home : null,
            IsKillable = request.AsProcesses,
        };
    }

    /// <summary>
    /// What RabbitMQ's documentation lists as environment variables, for Unix and Windows alike. Removes those of the person's own
    /// RabbitMQ and Erlang.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Variables(string folder, string name, int epmdPort, int distributionPort) => new Dictionary<string, string?>(Inherited())
    {
        ["ERL_EPMD_PORT"] = $"{epmdPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = name,
        ["RABBITMQ_DIST_PORT"] = $"{distributionPort}",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["RABBITMQ_BASE"] = folder, // only Windows reads it, for the rabbitmq-env-conf.bat that is not in there
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced.config"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
    };

    /// <summary>
    /// The node behind its lock, with an epmd that ends with the broker: the one that Erlang would start leaves the process
    /// group. On Windows it can't leave the job object.
    /// </summary>
    private static NodePlan OnUnix(NodePlan node, string home)
    {
        var emptyFile = Path.Combine(node.Folder!, "rabbitmq-env.conf"); // instead of the one in /etc/rabbitmq
        File.WriteAllText(emptyFile, "");
        return node with
        {
            Program = "sh",
            Args = ["-c", Script, node.Program],
            Environment = new Dictionary<string, string?>(node.Environment!)
            {
                ["HOME"] = home, // Erlang's cookie is there
                ["ERL_FLAGS"] = "-start_epmd false",
                ["RABBITMQ_CONF_ENV_FILE"] = emptyFile,
            },
        };
    }

    /// <summary>
    /// Nodes that start together would each make up a cookie of their own, and the last one written would win. On Windows they use
    /// the cookie in the person's profile.
    /// </summary>
    private static async Task ShareCookieAsync(string home)
    {
        var path = Path.Combine(home, ".erlang.cookie");
        if (File.Exists(path) || OperatingSystem.IsWindows())
        {
            return;
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync(RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 20));
    }

    private static string Settings(int port, int adminPort, Version? version, string[] names) => string.Join('\n',
    [
        $"listeners.tcp.default = 127.0.0.1:{port}",
        "management.tcp.ip = 127.0.0.1",
        $"management.tcp.port = {adminPort}",
        .. version is { Major: 3, Minor: >= 10 } ? ["classic_queue.default_version = 2"] : Nothing, // 4.x has no other
        .. names.Length > 1 ? Cluster(version, names) : Nothing,
        "",
    ]);

    private static IEnumerable<string> Cluster(Version? version, string[] names) =>
    [
        "cluster_formation.peer_discovery_backend = classic_config",
        .. names.Select((name, i) => $"cluster_formation.classic_config.nodes.{i + 1} = {name}"),
        // In 3.x the first node tries ten times to join the others before it forms the cluster; they wait until it has.
        .. version is { Major: 3 } ? ["cluster_formation.discovery_retry_interval = 100"] : Nothing,
    ];

    private static Dictionary<string, string?> Inherited() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(variable => (string)variable.Key)
        .Where(name =>
            name.StartsWith("RABBITMQ_", StringComparison.Ordinal) || name.StartsWith("ERL_", StringComparison.Ordinal))
        .ToDictionary(name => name, _ => (string?)null);
}
