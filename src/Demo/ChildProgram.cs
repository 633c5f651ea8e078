using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using Spectre.Console;

namespace AuctionTracker.Demo;

/// <summary>A program of the suite that Demo runs: shows its lines with its name in a colour, and keeps its counts.</summary>
internal sealed partial class ChildProgram : IAsyncDisposable
{
    private const string ReadsBids = " INFO Reading the bids of RabbitMQ.";

    private static readonly Lock Screen = new();

    // Looking at the capabilities turns colours on in a Windows console; without them, or with NO_COLOR, there are none.
    private static readonly bool HasColours = !Console.IsOutputRedirected
        && AnsiConsole.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };

    private readonly string _colour;
    private readonly TimeProvider _time;
    private readonly OwnedProcess _process;
    private readonly Dictionary<string, long> _counts = [];
    private string? _page;
    private bool _readsBids;
    private long _lastLine;
    private (Func<ChildProgram, bool> Condition, TaskCompletionSource Met)? _awaited;

    private ChildProgram(string name, string colour, TimeProvider time, Func<Action<string>, OwnedProcess> start)
    {
        (Name, _colour, _time, _lastLine) = (name, colour, time, time.GetTimestamp());

        // Ctrl+C reaches Demo only, which stops the source first and lets the consumer finish.
        _process = start(Show);
    }

    public string Name { get; }

    /// <summary>Completes with the exit code when the program has ended and its last line is shown.</summary>
    public Task<int> Ended => _process.Exited;

    /// <summary>Starts a program that lies beside this one.</summary>
    public static ChildProgram Start(
        string name, string colour, IReadOnlyList<string> arguments, Uri broker, TimeProvider time, IReadOnlyDictionary<string, string?>? environment = null) =>
        new(name, colour, time, show => OwnedProcess.StartProgram(name, arguments, EnvironmentOf(broker, environment), onOutput: show, onError: show));

    /// <summary>Builds a program if need be, and starts it.</summary>
    /// <exception cref="ProgramException">There is no dotnet.</exception>
    public static ChildProgram StartProject(string name, string colour, string project, IReadOnlyList<string> arguments, Uri broker, TimeProvider time)
    {
        try
        {
            return new(name, colour, time, show =>
                OwnedProcess.Start("dotnet", ["run", "--project", project, "--", .. arguments], EnvironmentOf(broker, null), onOutput: show, onError: show));
        }
        catch (FileNotFoundException e)
        {
            throw new ProgramException(e.Message, e);
        }
    }

    /// <summary>A figure of its counts, once it has ended; 0 where it has no such figure.</summary>
    public long Count(string figure) => _counts.GetValueOrDefault(figure);

    /// <summary>Asks it to stop. With SIGTERM: where Demo runs in a script's background, its child processes ignore SIGINT.</summary>
    public void Stop() => _process.Send(PosixSignal.SIGTERM);

    /// <summary>The address of its page, once it has said it and reads bids; <see langword="null"/> before, and for a program without a page.</summary>
    public string? Page => _readsBids ? _page : null;

    /// <summary>Whether it has said that it waits for messages.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Sales that it has settled, by its lines.</summary>
    public long SettledSales { get; private set; }

    /// <summary>Messages that it has handled or dead-lettered, by its lines.</summary>
    public long Received { get; private set; }

    /// <summary>Alerts without a mail so far, by its lines; below zero where a mail was about an earlier run's alert.</summary>
    public long UnsentAlerts { get; private set; }

    /// <summary>Waits until a condition on its lines is met, it has ended, or it has printed nothing for too long.</summary>
    public async Task WhenAsync(Func<ChildProgram, bool> condition, TimeSpan silence)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Screen)
        {
            _awaited = (condition, met);
            Check();
        }

        var settled = Task.WhenAny(met.Task, Ended);
        for (var silent = TimeSpan.Zero; !settled.IsCompleted && silent < silence; silent = _time.GetElapsedTime(Volatile.Read(ref _lastLine)))
        {
            await Task.WhenAny(settled, Task.Delay(silence - silent, _time));
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private void Show(string line)
    {
        lock (Screen)
        {
            Read(line);
            if (Hidden().IsMatch(line))
            {
                return;
            }

            try
            {
                Console.Out.WriteLine(HasColours ? $"\e[{_colour}m{Name,-11} |\e[0m {line}" : $"{Name,-11} | {line}");
            }
            catch (IOException)
            {
                // The terminal was closed, and the signal for it is under way.
            }
        }
    }

    private void Read(string line)
    {
        Volatile.Write(ref _lastLine, _time.GetTimestamp());
        Received += Processed().IsMatch(line) ? 1 : 0;
        SettledSales += Settled().IsMatch(line) ? 1 : 0;
        HasStarted |= Started().IsMatch(line);
        UnsentAlerts += Alert().IsMatch(line) ? 1 : line.EndsWith(" Prepared Email Message:", StringComparison.Ordinal) ? -1 : 0;
        _page = PageLine().Match(line) is { Success: true } page ? page.Groups[1].Value : _page;
        _readsBids |= line.EndsWith(ReadsBids, StringComparison.Ordinal);
        Check();

        if (CountsLine().Match(line) is { Success: true } counts)
        {
            foreach (Match figure in Figure().Matches(counts.Groups[1].Value))
            {
                _counts[figure.Groups[1].Value] = long.Parse(figure.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
            }
        }
    }

    private static Dictionary<string, string?> EnvironmentOf(Uri broker, IReadOnlyDictionary<string, string?>? others) =>
        new(others ?? new Dictionary<string, string?>()) { ["AUCTION_BROKER"] = broker.ToString() };

    private void Check()
    {
        if (_awaited is var (condition, met) && condition(this))
        {
            met.TrySetResult();
        }
    }

    [GeneratedRegex("^[0-9:]{8} (INFO Received .* message: |WARNING Dead-lettered a message )")]
    private static partial Regex Processed();

    /// <summary>Rates, because the programs beside it tell of each bid; and that nobody reads a queue, because Demo deletes it.</summary>
    [GeneratedRegex("^[0-9:]{8} (INFO [0-9,]+ bids/s, |WARNING Nobody reads auction_record_demo_sales)")]
    private static partial Regex Hidden();

    [GeneratedRegex("^[0-9:]{8} INFO Settled auction ")]
    private static partial Regex Settled();

    [GeneratedRegex(@"^[0-9:]{8} INFO Starting [a-z]+\. Waiting for ")]
    private static partial Regex Started();

    [GeneratedRegex(@"^[0-9:]{8} INFO .* alert: .*\. Sending email alert\.$")]
    private static partial Regex Alert();

    [GeneratedRegex("^[0-9:]{8} INFO The dashboard is at (http://[^ ]+) until Ctrl\\+C\\.$")]
    private static partial Regex PageLine();

    [GeneratedRegex("^[0-9:]{8} INFO (?:demo_sales: )?Counts: (.*)$")]
    private static partial Regex CountsLine();

    [GeneratedRegex("([a-z][a-z -]*) ([0-9]+)")]
    private static partial Regex Figure();
}
