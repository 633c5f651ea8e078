using AuctionTracker.LocalBroker;
using Xunit;

namespace AuctionTracker.Support;

/// <summary>A program at a terminal: a pseudo-terminal of util-linux's <c>script</c>, that a test types on and reads.</summary>
public sealed class Terminal : IAsyncDisposable
{
    private const string Enter = "\r";
    private const string ControlC = "\x03";

    private readonly TempFolder _own = new();
    private readonly OwnedProcess _process;
    private readonly FileStream _keys;
    private int _read;

    private Terminal(string folder, IReadOnlyDictionary<string, string?> environment, string command)
    {
        // Opened for both, a pipe waits for no one.
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", _own["keys"]))
        {
            pipe.WaitForExit();
        }

        _keys = new FileStream(_own["keys"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

        // Not exec: script waits for every child it has, and the watcher of OwnedProcess would be one.
        _process = OwnedProcess.Start(
            "sh", ["-c", $"script -qefc \"stty cols 200 rows 50; exec {command}\" {_own["screen"]} <{_own["keys"]}; exit $?"],
            environment, folder, grace: TimeSpan.FromSeconds(3));
    }

    /// <summary>Everything that was on the screen so far.</summary>
    public string Screen
    {
        get
        {
            if (!File.Exists(_own["screen"]))
            {
                return "";
            }

            using var file = new StreamReader(new FileStream(_own["screen"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return file.ReadToEnd();
        }
    }

    public static Terminal Start(
        string name, TempFolder folder, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments) =>
        new(folder.Path, environment, CommandLine(name, arguments));

    /// <summary>Starts a shell script.</summary>
    public static Terminal StartScript(string script, TempFolder folder, IReadOnlyDictionary<string, string?> environment) =>
        new(folder.Path, environment, script);

    /// <summary>The command that starts a program.</summary>
    public static string CommandLine(string name, params IEnumerable<string> arguments) =>
        $"dotnet {Path.Combine(AppContext.BaseDirectory, $"AuctionTracker.{name}.dll")} {string.Join(' ', arguments)}";

    /// <summary>Answers one question and waits for the end.</summary>
    /// <returns>What was on the screen.</returns>
    public static async Task<string> RunAsync(string name, TempFolder folder, Uri broker, string question, string answer)
    {
        await using var terminal = Start(name, folder, new Dictionary<string, string?> { ["AUCTION_BROKER"] = broker.ToString() });
        await terminal.AnswerAsync(question, answer);
        await terminal.EndAsync();
        return terminal.Screen;
    }

    /// <summary>Waits until something can be read; each part of the screen is read once, over all calls.</summary>
    public Task SeeAsync(string part) => Eventually.TrueAsync($"'{part}' on the screen, which shows:\n{Screen}", () =>
    {
        var screen = Screen;
        var at = screen.IndexOf(part, _read, StringComparison.Ordinal);
        _read = at < 0 ? _read : at + part.Length;
        return at >= 0 || (_process.Exited.IsCompleted ? throw new InvalidOperationException($"It ended without '{part}':\n{screen}") : false);
    });

    /// <summary>Types an answer, and Enter, once its question is on the screen.</summary>
    public async Task AnswerAsync(string question, string answer)
    {
        await SeeAsync(question);
        await TypeAsync(answer + Enter);
    }

    /// <summary>Presses Ctrl+C once a question is on the screen.</summary>
    public async Task InterruptAsync(string question)
    {
        await SeeAsync(question);
        await TypeAsync(ControlC);
    }

    /// <summary>Closes the terminal, as a terminal window does: the program gets SIGHUP, and can't write to it any more.</summary>
    public void HangUp() => _process.Kill();

    /// <summary>Waits for the program's end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        try
        {
            return await _process.Exited.WaitAsync(ProgramUnderTest.Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"It did not end within {ProgramUnderTest.Patience.TotalSeconds} s. The screen:\n{Screen}");
            return -1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _keys.DisposeAsync();
        _own.Dispose();
    }

    private async Task TypeAsync(string keys) => await _keys.WriteAsync(System.Text.Encoding.UTF8.GetBytes(keys));
}
