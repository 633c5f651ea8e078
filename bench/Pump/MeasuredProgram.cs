using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Pump;

/// <summary>A child process with a <see cref="CounterSampler"/> in it.</summary>
internal sealed partial class MeasuredProgram : IAsyncDisposable
{
    private const string BrokerVariable = "AUCTION_BROKER";

    private readonly string _name;
    private readonly OwnedProcess _process;
    private readonly ConcurrentQueue<string> _lines = [];

    /// <summary>Starts a program.</summary>
    /// <param name="commandLine">The file name of its assembly in this program's folder, then its arguments.</param>
    /// <param name="broker">The broker it connects to.</param>
    /// <param name="sampleFile">The file it writes its samples to.</param>
    public MeasuredProgram(IReadOnlyList<string> commandLine, Uri broker, string sampleFile)
    {
        (_name, SampleFile) = (Path.GetFileNameWithoutExtension(commandLine[0]), sampleFile);
        var environment = new Dictionary<string, string?>
        {
            [BrokerVariable] = broker.ToString(),
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            [CounterSampler.FileVariable] = sampleFile,
        };
        _process = OwnedProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, commandLine[0]), .. commandLine.Skip(1)], environment,
            onOutput: _lines.Enqueue, onError: _lines.Enqueue);
        Ended = EndAsync();
    }

    /// <summary>In a measured program: the broker of its constructor argument.</summary>
    public static Uri Broker => new(Environment.GetEnvironmentVariable(BrokerVariable)!);

    /// <summary>The file of samples. It exists once the program has ended.</summary>
    public string SampleFile { get; }

    /// <summary>Completes when the program has ended with exit code 0. Otherwise faults with a <see cref="ProgramException"/>.</summary>
    public Task Ended { get; }

    /// <summary>Sends SIGSTOP. Does nothing once the program has ended.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Sends SIGCONT. Does nothing once the program has ended.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Checks a figure of the program's last line that begins with "Counts: ".</summary>
    /// <exception cref="ProgramException">The figure is missing or not the expected one.</exception>
    public void RequireCount(string figure, int expected)
    {
        var counts = _lines.LastOrDefault(line => line.Contains("Counts: ", StringComparison.Ordinal)) ?? "no counts";
        var found = Figure().Matches(counts).FirstOrDefault(match => match.Groups[1].Value == figure);
        if (found is null || int.Parse(found.Groups[2].ValueSpan, CultureInfo.InvariantCulture) != expected)
        {
            throw new ProgramException($"{_name} should print '{figure} {expected}' at its end. It printed '{counts}'.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ResumeAsync(); // a stopped process does not handle SIGTERM
        await _process.DisposeAsync();
    }

    private async Task EndAsync()
    {
        if (await _process.Exited is not 0 and var exitCode)
        {
            throw new ProgramException($"{_name} ended with exit code {exitCode}. It printed: {string.Join(" | ", _lines)}");
        }
    }

    private async Task SignalAsync(string signal)
    {
        if (!_process.Exited.IsCompleted)
        {
            // By name: the numbers of these two signals differ between Linux and macOS.
            using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    [GeneratedRegex("([a-z-]+) ([0-9]+)")]
    private static partial Regex Figure();
}
