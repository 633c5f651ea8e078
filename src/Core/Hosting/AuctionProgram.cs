using System.Runtime.InteropServices;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using Serilog;
using Serilog.Core;

namespace AuctionTracker.Core.Hosting;

/// <summary>
/// The shell of every program: settings, log, the program itself, its counts, exit code. 0: it ended by itself or was stopped
/// (see <see cref="ShutdownSignals"/>); 1: it failed, and said why in a sentence; 2: a flag or setting is wrong.
/// </summary>
public static class AuctionProgram
{
    /// <summary>
    /// The environment variable that makes the end of standard input a request to stop, as SIGTERM is. It is for a parent process
    /// on Windows, which can send Ctrl+Break only where it has a console.
    /// </summary>
    public const string StopAtEndOfInput = "STOP_AT_END_OF_INPUT";

    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongSettings = 2;

    /// <summary>Runs a program and returns its exit code.</summary>
    /// <param name="name">The program's name in logs, as in <c>producer_v1.0</c>.</param>
    /// <param name="purpose">What it does, in a sentence, for <c>--help</c>.</param>
    /// <param name="kind">What kind of program it is.</param>
    /// <param name="args">The command line.</param>
    /// <param name="main">The program. Its token is cancelled by Ctrl+C, SIGTERM and the closed terminal; then it ends by returning.</param>
    public static async Task<int> RunAsync(
        string name, string purpose, ProgramKind kind, string[] args, Func<AuctionRun, CancellationToken, Task> main)
    {
        Console.OutputEncoding = Encoding.UTF8; // on Windows it is that of the country's old code page
        var commandLine = new CommandLine(purpose, kind);
        var parsed = commandLine.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"{UntrustedText.Clean(parsed.Errors[0].Message)} See --help.");
            return WrongSettings;
        }

        if (parsed.Action is not null)
        {
            return await parsed.InvokeAsync();
        }

        using var interruption = new ShutdownSignals(TimeProvider.System);
        try
        {
            var (flags, file) = commandLine.Values(parsed);
            var settings = await AuctionSettings.LoadAsync(
                flags, Environment.GetEnvironmentVariables(), kind.WritesSettings ? "" : file, interruption.Token);
            await using var log = LogTo(settings.Run.Logs, name);
            var run = new AuctionRun(name, settings, parsed, log, TimeProvider.System);
            if (kind.Interrupted.Length > 0)
            {
                interruption.SayWith(() => log.Information("{Text}", kind.Interrupted));
            }

            return await RunAsync(name, kind, run, main, interruption.Token);
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(UntrustedText.Clean(e.Message));
            return WrongSettings;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return Done;
        }
    }

    private static async Task<int> RunAsync(
        string name, ProgramKind kind, AuctionRun run, Func<AuctionRun, CancellationToken, Task> main, CancellationToken stop)
    {
        run.Log.Information("{Program} started at {Time}.", name, Bid.Format(run.Time.GetUtcNow()));
        run.Log.Information("Runs on {Os} with {DotNet} in {Folder}.",
            RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, Environment.CurrentDirectory);
        try
        {
            if (kind.Flags.Contains(AllSettings.Monitor))
            {
                await AdminSite.OfferAsync(run.Settings.Producer.Monitor, run.Log, stop);
            }

            if (kind.Command is null || !await kind.Command(run, stop))
            {
                await using var rate = RateReporter.Start(run, kind);
                await main(run, stop);
            }

            var isComplete = run.Counts.Returned.Value + run.Counts.Failed.Value == 0;
            return isComplete || stop.IsCancellationRequested ? Done : Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Done;
        }
        catch (SettingsException e)
        {
            run.Log.Error("{Text}", e.Message);
            return WrongSettings;
        }
        catch (ProgramException e)
        {
            run.Log.Error("{Text}", e.Message);
            return Failed;
        }
        catch (Exception e)
        {
            run.Log.Fatal(e, "This should not happen: {Type}: {Text} The log file holds the details; please report them.", e.GetType().Name, e.Message);
            return Failed;
        }
        finally
        {
            run.GiveUpUnconfirmed();
            Counts.Count[] figures = [.. kind.Figures(run.Counts), .. run.Counts.Appended];
            if (figures.Length > 0)
            {
                run.Log.Information("Counts: {Figures}", string.Join(", ", figures.AsEnumerable()));
            }
        }
    }

    private static Logger LogTo(string folder, string name)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $"{name}.log");
            return new LoggerConfiguration()
                .WriteTo.Console(new LogFormatter(program: null))
                .WriteTo.Async(
                    file => file.File(
                        new LogFormatter(name), path, rollOnFileSizeLimit: true, fileSizeLimitBytes: 100 << 20, retainedFileCountLimit: 5,
                        buffered: false),
                    blockWhenFull: true)
                .CreateLogger();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Logs can't be written to {folder}: {e.Message} Choose another folder with --logs.");
        }
    }
}
