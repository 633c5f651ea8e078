using System.Text.RegularExpressions;
using AuctionTracker.LocalBroker.Processes;

namespace AuctionTracker.LocalBroker.Nodes;

/// <summary>An installed rabbitmq-server.</summary>
/// <param name="Server">The script that starts it.</param>
/// <param name="Version">Null where its folder's name does not tell.</param>
public sealed partial record Installation(string Server, Version? Version)
{
    // Debian's /usr/sbin/rabbitmq-server switches to the user rabbitmq, who can't write to our folder. This one does not.
    private const string Debian = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    /// <summary>In messages: "RabbitMQ 3.10.8".</summary>
    public string Name => Version is null ? "RabbitMQ" : $"RabbitMQ {Version}";

    /// <summary>The <c>rabbitmqctl</c> that comes with it.</summary>
    public string Control => Path.Combine(Path.GetDirectoryName(Server)!, $"rabbitmqctl{Path.GetExtension(Server)}");

    /// <summary>The one on this machine; null where there is none.</summary>
    public static Installation? Find()
    {
        if (OperatingSystem.IsWindows()
            && NewestIn(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "RabbitMQ Server")) is { } installed)
        {
            return installed;
        }

        return (Executable.Find(Debian) ?? Executable.Find("rabbitmq-server")) is { } server ? new(server, VersionOf(server)) : null;
    }

    /// <summary>The newest of what RabbitMQ's Windows installer put into a folder; null where there is none.</summary>
    public static Installation? NewestIn(string folder) => !Directory.Exists(folder) ? null : Directory
        .EnumerateDirectories(folder, "rabbitmq_server-*")
        .Select(version => Path.Combine(version, "sbin", "rabbitmq-server.bat"))
        .Where(File.Exists)
        .Select(server => new Installation(server, VersionOf(server)))
        .MaxBy(installation => installation.Version);

    private static Version? VersionOf(string server)
    {
        var file = File.ResolveLinkTarget(server, returnFinalTarget: true)?.FullName ?? server;
        var match = VersionInPath().Match(file);
        return match.Success ? Version.Parse(match.Groups[1].Value) : null;
    }

    // .../rabbitmq_server-3.10.8/sbin/rabbitmq-server, or Homebrew's .../rabbitmq/4.0.5/sbin/rabbitmq-server
    [GeneratedRegex(@"[/\\]rabbitmq(?:_server-|/)(\d+\.\d+\.\d+)[/\\]")]
    private static partial Regex VersionInPath();
}
