using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Demo;

/// <summary>A program of the suite at work: its lines are shown under its name and colour, and its counts are kept.</summary>
internal sealed partial class ChildProgram : IAsyncDisposable
{
    private static readonly Lock DemoRun = new();

    private readonly string _name;
    private readonly string _colour;
    private readonly TimeProvider _time;
    private readonly OwnedProcess _leash;
    private readonly Dictionary<string, long> _counts = [];
    private long _received;
    private long _lastLine;
    private (long Target, TaskCompletionSource Reached)? _awaited;

    private ChildProgram(string name, string colour, IReadOnlyList<string> arguments, Uri broker, TimeProvider time)
    {
        (_name, _colour, _time, _lastLine) = (name, colour, time, time.GetTimestamp());

        // The programs lie beside this one. On their leashes they have sessions of their own, so that Ctrl+C reaches only
        // the demo, which stops the source first and lets the consumer finish.
        var assembly = Path.Combine(AppContext.BaseDirectory, $"AuctionTracker.{name}.dll");
        var environment = new Dictionary<string, string?> { ["AUCTION_BROKER"] = broker.ToString() };
        _leash = OwnedProcess.Start("dotnet", [assembly, .. arguments], environment, onOutput: Show, onError: Show);
    }

    /// <summary>Completes with the exit code when the program has ended and its last line was shown.</summary>
    public Task<int> Ended => _leash.Exited;

    public static ChildProgram Start(string name, string colour, IReadOnlyList<string> arguments, Uri broker, TimeProvider time) =>
        new(name, colour, arguments, broker, time);

    /// <summary>A figure of its last line, once it has ended.</summary>
    public long Count(string figure) => _counts.GetValueOrDefault(figure);

    /// <summary>As Ctrl+C does.</summary>
    public void Interrupt() => _leash.Send(Signal.Interrupt);

    /// <summary>Waits until it has dealt with so many messages, has ended, or was silent for too long.</summary>
    public async Task WhenReceivedAsync(long target, TimeSpan patience)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (DemoRun)
        {
            _awaited = (target, reached);
            Reach();
        }

        var settled = Task.WhenAny(reached.Task, Ended);
        for (var silent = TimeSpan.Zero; !settled.IsCompleted && silent < patience; silent = _time.GetElapsedTime(Volatile.Read(ref _lastLine)))
        {
            await Task.WhenAny(settled, Task.Delay(patience - silent, _time));
        }
    }

    public ValueTask DisposeAsync() => _leash.DisposeAsync();

    private void Show(string line)
    {
        lock (DemoRun)
        {
            Follow(line);
            var plain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
            Console.Out.WriteLine(plain ? $"{_name,-11} | {line}" : $"\e[{_colour}m{_name,-11} |\e[0m {line}");
        }
    }

    private void Follow(string line)
    {
        Volatile.Write(ref _lastLine, _time.GetTimestamp());
        if (DealtWith().IsMatch(line))
        {
            _received++;
            Reach();
        }

        if (LastLine().Match(line) is { Success: true } counts)
        {
            foreach (Match figure in Figure().Matches(counts.Groups[1].Value))
            {
                _counts[figure.Groups[1].Value] = long.Parse(figure.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
            }
        }
    }

    private void Reach()
    {
        if (_awaited is var (target, reached) && _received >= target)
        {
            reached.TrySetResult();
        }
    }

    [GeneratedRegex("^[0-9:]{8} (INFO Received .* message: |WARNING Dead-lettered a message )")]
    private static partial Regex DealtWith();

    [GeneratedRegex("^[0-9:]{8} INFO Counts: (.*)$")]
    private static partial Regex LastLine();

    [GeneratedRegex("([a-z][a-z -]*) ([0-9]+)")]
    private static partial Regex Figure();
}
