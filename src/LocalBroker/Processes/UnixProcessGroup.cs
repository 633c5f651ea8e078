using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AuctionTracker.LocalBroker.Processes;

/// <summary>
/// A session of its own, with a watcher in it. The standard input is a pipe that only the owner has open: when it closes, the
/// watcher sends SIGTERM to the program, and after the grace period SIGKILL to the group.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class UnixProcessGroup(Process process) : IProcessGroup
{
    private const int SigKill = 9;

    // The shell becomes the program (exec), so its process id is the program's. The subshell is the watcher. It must not keep
    // standard output and error open, or their end would never be seen.
    private const string Script = """
        exec 3<&0
        (
            read -r _ <&3
            kill -s TERM $$
            left=$1
            while [ $left -gt 0 ] && kill -s 0 $$; do sleep 0.1; left=$((left - 1)); done
            kill -s KILL -- -$$
        ) >/dev/null 2>&1 &
        shift
        exec "$@" </dev/null 3<&-
        """;

    private readonly int _id = process.Id;

    public Process Process => process;

    public static UnixProcessGroup Start(ProcessStartInfo start, TimeSpan grace)
    {
        // macOS has no setsid. It has perl.
        var setsid = Executable.Find("setsid");
        string[] newSession = setsid is null ? ["-e", "use POSIX; POSIX::setsid(); exec @ARGV"] : [];
        var ticks = Math.Ceiling(grace.TotalSeconds * 10).ToString(CultureInfo.InvariantCulture);
        string[] arguments = [.. newSession, "sh", "-c", Script, "sh", ticks, start.FileName, .. start.ArgumentList];
        start.FileName = setsid ?? "perl";
        start.ArgumentList.Clear();
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new(Process.Start(start)!);
    }

    public void Send(PosixSignal signal) => _ = Kill(_id, signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    });

    public void RequestStop() => process.StandardInput.Close();

    public void Kill() => _ = Kill(_id, SigKill);

    public void KillAll() => _ = Kill(-_id, SigKill);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int target, int signal);
}
