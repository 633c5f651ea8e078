using System.Globalization;
using AuctionTracker.LocalBroker;
using Npgsql;

namespace AuctionTracker.Support;

/// <summary>A PostgreSQL server of its own, from Debian's package, in a temporary folder.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>For initdb and the start of the server, on a slow machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Lazy<Task<PostgresCluster>> Shared = new(async () =>
    {
        var cluster = await StartNewAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().Wait();
        return cluster;
    });

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Take();
    private OwnedProcess? _server;

    private PostgresCluster()
    {
    }

    private static string Bin => Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => v).First() + "/bin";

    private string Data => _folder["data"];

    /// <summary>Creates a database in the server that all tests of a run share.</summary>
    /// <returns>Its address.</returns>
    public static async Task<Uri> DatabaseAsync() => await (await Shared.Value).CreateDatabaseAsync();

    /// <summary>Starts a server that a test may stop and kill.</summary>
    public static async Task<PostgresCluster> StartNewAsync()
    {
        await DebianPackages.RequireAsync("postgresql");
        var cluster = new PostgresCluster();

        // PostgreSQL refuses to run as root, and its own user must reach the folder.
        await RunAsync("chmod", ["755", cluster._folder.Path]);
        await RunAsync("install", ["-d", "-m", "700", .. Environment.IsPrivilegedProcess ? ["-o", "postgres"] : Array.Empty<string>(), cluster.Data]);
        await RunAsUserAsync([$"{Bin}/initdb", "-D", cluster.Data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Creates a database.</summary>
    /// <returns>Its address.</returns>
    public async Task<Uri> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():n}";
        await using var connection = await ConnectAsync(Address("postgres"));
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return Address(name);
    }

    /// <summary>Starts the server, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var (program, arguments) = AsUser(
        [
            $"{Bin}/postgres", "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "max_connections=60",
        ]);
        await Eventually.TrueAsync("PostgreSQL answers", async () =>
        {
            // After a kill it ends at once while processes of the killed server still run.
            _server = _server is { Exited.IsCompleted: false } ? _server : OwnedProcess.Start(program, arguments, workingFolder: "/");
            try
            {
                await using var connection = await ConnectAsync(Address("postgres"));
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    /// <summary>Kills the server, as <c>kill -9</c> does to all its processes.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        _folder.Dispose();
    }

    private Uri Address(string database) => new($"postgres://postgres@127.0.0.1:{_port}/{database}");

    private static async Task<NpgsqlConnection> ConnectAsync(Uri address)
    {
        var connection = new NpgsqlConnection(
            $"Host={address.Host};Port={address.Port};Username=postgres;Database={address.AbsolutePath[1..]};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static (string Program, string[] Arguments) AsUser(string[] command) =>
        Environment.IsPrivilegedProcess ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", .. command]) : (command[0], command[1..]);

    private static Task RunAsUserAsync(string[] command)
    {
        var (program, arguments) = AsUser(command);
        return RunAsync(program, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        await using var process = OwnedProcess.Start(program, arguments, workingFolder: "/");
        if (await process.Exited.WaitAsync(Patience) != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed.");
        }
    }
}
