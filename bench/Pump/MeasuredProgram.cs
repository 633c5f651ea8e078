using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Pump;

/// <summary>A program as a process of its own, with <see cref="SampleTaker"/> in it.</summary>
internal sealed partial class MeasuredProgram : IAsyncDisposable
{
    private const string BrokerVariable = "AUCTION_BROKER";

    private readonly string _name;
    private readonly OwnedProcess _process;
    private readonly ConcurrentQueue<string> _lines = [];

    /// <summary>Inside a measured program: the broker it was started with.</summary>
    public static Uri Broker => new(Environment.GetEnvironmentVariable(BrokerVariable)!);

    /// <summary>Starts it.</summary>
    /// <param name="commandLine">The file name of its assembly, which lies beside this one, then its arguments.</param>
    /// <param name="broker">The broker it talks to.</param>
    /// <param name="samples">The file that gets its samples.</param>
    public MeasuredProgram(IReadOnlyList<string> commandLine, Uri broker, string samples)
    {
        (_name, Samples) = (Path.GetFileNameWithoutExtension(commandLine[0]), samples);
        var environment = new Dictionary<string, string?>
        {
            [BrokerVariable] = broker.ToString(),
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            [SampleTaker.FileVariable] = samples,
        };
        _process = OwnedProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, commandLine[0]), .. commandLine.Skip(1)], environment,
            onOutput: _lines.Enqueue, onError: _lines.Enqueue);
        Ended = EndAsync();
    }

    /// <summary>The file with its samples, once it has ended.</summary>
    public string Samples { get; }

    /// <summary>Completes when it has ended well; otherwise faults with a <see cref="ProgramException"/>.</summary>
    public Task Ended { get; }

    /// <summary>Stops it where it is. Does nothing once it has ended.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Looks whether a figure of its last line is what it must be.</summary>
    /// <exception cref="ProgramException">It is not.</exception>
    public void MustHaveCounted(string figure, int expected)
    {
        var counts = _lines.LastOrDefault(line => line.Contains("Counts: ", StringComparison.Ordinal)) ?? "no counts";
        var found = Figure().Matches(counts).FirstOrDefault(match => match.Groups[1].Value == figure);
        if (found is null || int.Parse(found.Groups[2].ValueSpan, CultureInfo.InvariantCulture) != expected)
        {
            throw new ProgramException($"The counts do not add up: {_name} must have {figure} {expected}, and says '{counts}'.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ResumeAsync(); // what is paused can't end
        await _process.DisposeAsync();
    }

    private async Task EndAsync()
    {
        if (await _process.Exited is not 0 and var exitCode)
        {
            throw new ProgramException($"{_name} ended with exit code {exitCode}. It said: {string.Join(" | ", _lines)}");
        }
    }

    private async Task SignalAsync(string signal)
    {
        if (!_process.Exited.IsCompleted)
        {
            // By name: the numbers of these two differ between Linux and macOS.
            using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    [GeneratedRegex("([a-z-]+) ([0-9]+)")]
    private static partial Regex Figure();
}
