using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using AuctionTracker.LocalBroker.Processes;

namespace AuctionTracker.LocalBroker;

/// <summary>
/// A child process that ends when its owner ends, however the owner ends, kill -9 included. It is asked to stop first: with
/// SIGTERM, on Windows with Ctrl+Break. After the grace period it is killed with all processes it started. Ctrl+C in the owner's
/// terminal does not reach it.
/// </summary>
/// <remarks>
/// On Windows the suite's own programs also take the end of their standard input for the request, which reaches them where the
/// owner has no console to send Ctrl+Break from. When the owner is killed, Windows kills the child process at once.
/// </remarks>
public sealed class OwnedProcess : IAsyncDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly IProcessGroup _group;
    private readonly Process _process;
    private readonly TimeSpan _grace;
    private readonly Lock _signal = new();
    private readonly Lock _line = new();
    private readonly Lazy<Task> _stop;
    private bool _hasEnded;

    private OwnedProcess(IProcessGroup group, TimeSpan grace, Action<string>? onOutput, Action<string>? onError)
    {
        (_group, _process, _grace, Id) = (group, group.Process, grace, group.Process.Id);
        _stop = new(StopAsync);
        Exited = FollowAsync(onOutput, onError);
    }

    /// <summary>The program's process id, and its process group's.</summary>
    public int Id { get; }

    /// <summary>
    /// The program's exit code (128 + n if signal n ended it). Completes when all its lines have been passed on and its process
    /// group is killed.
    /// </summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a program. Each line it prints goes to a callback, one at a time and in order.</summary>
    /// <param name="program">A name to look up on PATH, or a path.</param>
    /// <param name="args">Its arguments; no shell reads them.</param>
    /// <param name="environment">Variables to set, or with null to remove, on top of the owner's.</param>
    /// <param name="workingFolder">Its working folder; the owner's by default.</param>
    /// <param name="onOutput">Gets its standard output, which is dropped by default. Must not throw.</param>
    /// <param name="onError">Gets its standard error, which is dropped by default. Must not throw.</param>
    /// <param name="grace">How long it may take to end after the request to stop; 10 s by default.</param>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public static OwnedProcess Start(
        string program, IEnumerable<string> args, IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null, Action<string>? onOutput = null, Action<string>? onError = null, TimeSpan? grace = null)
    {
        var path = Executable.Find(program)
            ?? throw new FileNotFoundException($"{program} can't be started: install it, or put its folder on PATH.", program);
        var start = new ProcessStartInfo(path, args)
        {
            WorkingDirectory = workingFolder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var timeout = grace ?? TimeSpan.FromSeconds(10);
        IProcessGroup group = OperatingSystem.IsWindows() ? WindowsProcessGroup.Start(start) : UnixProcessGroup.Start(start, timeout);
        return new(group, timeout, onOutput, onError);
    }

    /// <summary>
    /// Starts a program of the suite by its name, as in <c>Consumer.V4</c>. Its files lie beside this program's. It runs as this
    /// program does: with the same <c>dotnet</c>, or as an executable, which a self-contained program must be. The other
    /// parameters are those of <see cref="Start"/>.
    /// </summary>
    public static OwnedProcess StartProgram(
        string name, IEnumerable<string> args, IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null, Action<string>? onOutput = null, Action<string>? onError = null, TimeSpan? grace = null)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"AuctionTracker.{name}");
        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath : null;
        return dotnet is null && Executable.Find(path) is { } executable
            ? Start(executable, args, environment, workingFolder, onOutput, onError, grace)
            : Start(dotnet ?? "dotnet", [$"{path}.dll", .. args], environment, workingFolder, onOutput, onError, grace);
    }

    /// <summary>
    /// Signals the program, and not the processes it started. On Windows each signal is the request to stop. Does
    /// nothing once it has ended.
    /// </summary>
    public void Send(PosixSignal signal) => WhileItRuns(() => _group.Send(signal));

    /// <summary>Kills the program as kill -9 does. Does nothing once it has ended.</summary>
    public void Kill() => WhileItRuns(_group.Kill);

    /// <summary>
    /// Ends the program and the processes it started: a request to stop, the grace period, kill. When it returns, none of them runs.
    /// </summary>
    public ValueTask DisposeAsync() => new(_stop.Value);

    private async Task StopAsync()
    {
        WhileItRuns(_group.RequestStop);
        await Task.WhenAny(Exited, Task.Delay(_grace + Margin, TimeProvider.System));
        WhileItRuns(_group.KillAll);
        await Task.WhenAny(Exited); // who awaits Exited sees its exception
        _process.Dispose();
    }

    private async Task<int> FollowAsync(Action<string>? onOutput, Action<string>? onError)
    {
        var lines = Task.WhenAll(PassOnAsync(_process.StandardOutput, onOutput), PassOnAsync(_process.StandardError, onError));
        await _process.WaitForExitAsync();
        lock (_signal)
        {
            _group.KillAll();
            _hasEnded = true;
        }

        // The pipes end with the last process of the group. A process that left the group (a daemon, a browser) may hold them
        // open for ever; the program's own lines have been read long before.
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

    // On Unix the watcher stays in the group until the group is killed, so until then no other process has its number.
    private void WhileItRuns(Action act)
    {
        lock (_signal)
        {
            if (!_hasEnded)
            {
                act();
            }
        }
    }
}
