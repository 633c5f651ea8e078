using System.Runtime.InteropServices;
using System.Threading.Channels;
using AuctionTracker.LocalBroker;
using Xunit;

namespace AuctionTracker.Support;

/// <summary>One of the suite's programs, as a process of its own, in a folder of its own.</summary>
public sealed class ProgramUnderTest : IAsyncDisposable
{
    /// <summary>Well beyond what any step takes on a slow machine, and below what a person would wait for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _name;
    private readonly OwnedProcess _process;
    private readonly List<string> _lines = [];
    private readonly Channel<string> _unread = Channel.CreateUnbounded<string>();

    private ProgramUnderTest(
        string name, string folder, Uri? broker, IReadOnlyDictionary<string, string?>? environment, IEnumerable<string> arguments)
    {
        _name = name;
        var variables = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>())
        {
            ["AUCTION_BROKER"] = broker?.ToString(),
        };
        _process = OwnedProcess.StartProgram(name, arguments, variables, folder, Keep, Keep, grace: TimeSpan.FromSeconds(3));
        _ = _process.Exited.ContinueWith(_ => _unread.Writer.TryComplete(), TaskScheduler.Default);

        void Keep(string line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }

            _unread.Writer.TryWrite(line);
        }
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>What it printed so far, standard output and error together.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>What it printed so far, without each line's time and level.</summary>
    public IReadOnlyList<string> Texts => [.. Lines.Select(TextOf)];

    public static ProgramUnderTest Start(string name, TempFolder folder, Uri? broker, params IEnumerable<string> arguments) =>
        new(name, folder.Path, broker, null, arguments);

    public static ProgramUnderTest Start(
        string name, TempFolder folder, Uri? broker, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments) =>
        new(name, folder.Path, broker, environment, arguments);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and what it printed without times and levels.</returns>
    public static async Task<(int ExitCode, IReadOnlyList<string> Texts)> RunAsync(
        string name, TempFolder folder, Uri? broker, params IEnumerable<string> arguments)
    {
        await using var program = Start(name, folder, broker, arguments);
        return (await program.EndAsync(), program.Texts);
    }

    /// <summary>Waits for a line; each line is looked at once, over all calls.</summary>
    /// <returns>The line's text, without time and level.</returns>
    public async Task<string> LineAsync(string part)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await foreach (var line in _unread.Reader.ReadAllAsync(patience.Token))
            {
                if (line.Contains(part, StringComparison.Ordinal))
                {
                    return TextOf(line);
                }
            }

            Assert.Fail($"{_name} ended without a line with '{part}'. It said:\n{string.Join('\n', Lines)}");
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_name} said no line with '{part}' within {Patience.TotalSeconds} s. It said:\n{string.Join('\n', Lines)}");
        }

        return "";
    }

    /// <summary>As Ctrl+C does.</summary>
    public void Interrupt() => _process.Send(PosixSignal.SIGINT);

    /// <summary>As <c>kill</c> does.</summary>
    public void Terminate() => _process.Send(PosixSignal.SIGTERM);

    /// <summary>As any other <c>kill -s</c> does.</summary>
    public void Send(PosixSignal signal) => _process.Send(signal);

    /// <summary>As <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        try
        {
            return await _process.Exited.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{_name} did not end within {Patience.TotalSeconds} s. It said:\n{string.Join('\n', Lines)}");
            return -1;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string TextOf(string line) => line.Split(' ', 3) is [{ Length: 8 }, "INFO" or "WARNING" or "ERROR" or "CRITICAL", var text] ? text : line;
}
