using System.Text.RegularExpressions;

namespace AuctionTracker.LocalBroker;

/// <summary>An installed rabbitmq-server.</summary>
/// <param name="Server">The script that starts it.</param>
/// <param name="Version">Null where its folder's name does not tell.</param>
internal sealed partial record Installation(string Server, Version? Version)
{
    // Debian's /usr/sbin/rabbitmq-server switches to the rabbitmq user, who can't write to our folder; this is the real one.
    private const string Debian = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    public string Name => Version is null ? "RabbitMQ" : $"RabbitMQ {Version}";

    public static Installation? Find() =>
        (Executable.Find(Debian) ?? Executable.Find("rabbitmq-server")) is { } server ? new(server, VersionOf(server)) : null;

    private static Version? VersionOf(string server)
    {
        var file = File.ResolveLinkTarget(server, returnFinalTarget: true)?.FullName ?? server;
        var match = VersionInPath().Match(file);
        return match.Success ? Version.Parse(match.Groups[1].Value) : null;
    }

    // .../rabbitmq_server-3.10.8/sbin/rabbitmq-server, or Homebrew's .../rabbitmq/4.0.5/sbin/rabbitmq-server
    [GeneratedRegex(@"/rabbitmq(?:_server-|/)(\d+\.\d+\.\d+)/")]
    private static partial Regex VersionInPath();
}
