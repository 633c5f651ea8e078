using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace AuctionTracker.LocalBroker;

/// <summary>
/// A child process that ends when its holder ends, however the holder ends, kill -9 included. Its standard input is a pipe
/// that only the holder has open: when that closes, the program gets SIGTERM, and after the grace period its whole process
/// group gets SIGKILL. The program leads a session of its own, so that Ctrl+C in the holder's terminal does not reach it.
/// </summary>
public sealed class OwnedProcess : IAsyncDisposable
{
    // The shell becomes the program (exec), so that its process id is the program's; the watcher it leaves behind reads the
    // pipe. Standard output and error must not stay open in the watcher, or their end would never be seen.
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

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly TimeSpan _grace;
    private readonly Lock _signal = new();
    private readonly Lock _line = new();
    private readonly Lazy<Task> _stop;
    private bool _over;

    private OwnedProcess(Process process, TimeSpan grace, Action<string>? onOutput, Action<string>? onError)
    {
        (_process, _grace, Id) = (process, grace, process.Id);
        _stop = new(StopAsync);
        Exited = FollowAsync(onOutput, onError);
    }

    /// <summary>The program's process id, and its process group's.</summary>
    public int Id { get; }

    /// <summary>
    /// The program's exit code (128 + n if signal n ended it), once its lines have been handed over and its group is killed.
    /// </summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a program. Each line it prints goes to a callback, one at a time and in order.</summary>
    /// <param name="program">A name to be looked up on PATH, or a path.</param>
    /// <param name="args">Its arguments, as they are: no shell reads them.</param>
    /// <param name="environment">Variables to set, or with null to remove, on top of the holder's.</param>
    /// <param name="workingFolder">Where it runs; the holder's folder by default.</param>
    /// <param name="onOutput">Gets its standard output; without it, that is dropped. Must not throw.</param>
    /// <param name="onError">Gets its standard error; without it, that is dropped. Must not throw.</param>
    /// <param name="grace">How long it may take to end after SIGTERM; 10 s by default.</param>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    /// <exception cref="PlatformNotSupportedException">On Windows, which has no process groups.</exception>
    public static OwnedProcess Start(
        string program, IEnumerable<string> args, IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null, Action<string>? onOutput = null, Action<string>? onError = null, TimeSpan? grace = null)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                "Programs can't be started on a leash on Windows: start RabbitMQ yourself and set AUCTION_BROKER, or use WSL.");
        }

        var path = Executable.Find(program)
            ?? throw new FileNotFoundException($"{program} can't be started: install it, or put its folder on PATH.", program);
        var patience = grace ?? TimeSpan.FromSeconds(10);
        var ticks = (int)Math.Ceiling(patience.TotalSeconds * 10);
        var start = new ProcessStartInfo
        {
            WorkingDirectory = workingFolder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // macOS has no setsid, and perl has it.
        start.FileName = Executable.Find("setsid") ?? "perl";
        string[] own = start.FileName == "perl" ? ["-e", "use POSIX; POSIX::setsid(); exec @ARGV"] : [];
        foreach (var arg in (IEnumerable<string>)[.. own, "sh", "-c", Script, "sh", $"{ticks}", path, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, patience, onOutput, onError);
    }

    /// <summary>Signals the program, and not its group. Does nothing once it has ended.</summary>
    public void Send(Signal signal) => Send(Id, signal);

    /// <summary>
    /// Ends the program and all of its group: SIGTERM, the grace period, SIGKILL. Afterwards nothing of it runs any more.
    /// </summary>
    public ValueTask DisposeAsync() => new(_stop.Value);

    private async Task StopAsync()
    {
        _process.StandardInput.Close();
        await Task.WhenAny(Exited, Task.Delay(_grace + Margin, TimeProvider.System));
        Send(-Id, Signal.Kill);
        await Task.WhenAny(Exited); // a fault in there is for those who await Exited
        _process.Dispose();
    }

    private async Task<int> FollowAsync(Action<string>? onOutput, Action<string>? onError)
    {
        var lines = Task.WhenAll(PassOnAsync(_process.StandardOutput, onOutput), PassOnAsync(_process.StandardError, onError));
        await _process.WaitForExitAsync();
        Send(-Id, Signal.Kill);
        lock (_signal)
        {
            _over = true;
        }
        // The pipes end when the last of the group is gone. But what left the group (a daemon, a browser) may hold them open
        // for ever, and the program's own lines are long in by then.
        if (await Task.WhenAny(lines, Task.Delay(5 * Margin, TimeProvider.System)) == lines)
        {
            await lines;
        }

        return _process.ExitCode;
    }

    private async Task PassOnAsync(StreamReader reader, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_line)
            {
                onLine?.Invoke(line);
            }
        }
    }

    // The watcher stays in the group until we kill that, so up to then the number can't have gone to another process.
    private void Send(int target, Signal signal)
    {
        lock (_signal)
        {
            if (!_over)
            {
                _ = SendSignal(target, (int)signal);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int target, int signal);
}
