using AuctionTracker.LocalBroker.Processes;

namespace AuctionTracker.LocalBroker.Nodes;

/// <summary>Installs Debian's rabbitmq-server, where that can be done without asking for a password.</summary>
internal static class DebianPackage
{
    // An interrupted installation leaves the package half configured, so SIGTERM does not stop it.
    private const string Script = """
        trap '' TERM
        export DEBIAN_FRONTEND=noninteractive
        apt-get update
        apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=60 rabbitmq-server
        """;

    /// <summary>False where this is not a Debian or Ubuntu, or this process is not root.</summary>
    public static async Task<bool> InstallAsync(Action<string> say, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess || Executable.Find("apt-get") is null || !await IsDebianAsync(ct))
        {
            return false;
        }

        say("Installing Debian's rabbitmq-server, once (about a minute)...");
        var last = "";
        await using var apt = OwnedProcess.Start(
            "sh", ["-c", Script], onOutput: line => last = line, onError: line => last = line, grace: TimeSpan.FromMinutes(5));
        var code = await apt.Exited;
        ct.ThrowIfCancellationRequested();
        return code == 0 && Installation.Find() is not null ? true : throw new BrokerUnavailableException(
            $"apt-get could not install rabbitmq-server (exit code {code}: {last}). {BrokerUnavailableException.InstallHint}");
    }

    private static async Task<bool> IsDebianAsync(CancellationToken ct) => File.Exists("/etc/os-release")
        && (await File.ReadAllLinesAsync("/etc/os-release", ct))
            .Any(line => line.StartsWith("ID", StringComparison.Ordinal) && line.Contains("debian", StringComparison.Ordinal));
}
