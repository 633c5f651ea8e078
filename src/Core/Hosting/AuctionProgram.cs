using System.Runtime.InteropServices;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AuctionTracker.Core.Hosting;

/// <summary>
/// Runs a console program: reads its settings, opens its log, runs it, logs its counts and returns its exit code. The exit code is 0 after
/// a normal end or a stop request (see <see cref="ShutdownSignals"/>), 1 after an error, and 2 for a wrong flag or setting.
/// </summary>
public static class AuctionProgram
{
    /// <summary>
    /// The environment variable that makes the end of standard input a stop request, as SIGTERM is. A parent process sets it on
    /// Windows, where it can send Ctrl+Break only if it has a console.
    /// </summary>
    public const string StopAtEndOfInput = "STOP_AT_END_OF_INPUT";

    private const int Success = 0;
    private const int Failed = 1;
    private const int InvalidSettings = 2;

    /// <summary>Runs a program and returns its exit code.</summary>
    /// <param name="name">The program's name in logs, as in <c>producer_v1.0</c>.</param>
    /// <param name="purpose">What it does, in one sentence for <c>--help</c>.</param>
    /// <param name="definition">Its flags, counts and messages.</param>
    /// <param name="args">The command-line arguments.</param>
    /// <param name="main">The program. Ctrl+C, SIGTERM and a closed terminal cancel its token; it should return within two seconds then.</param>
    public static async Task<int> RunAsync(
        string name, string purpose, ProgramDefinition definition, string[] args, Func<ProgramRun, CancellationToken, Task> main)
    {
        Console.OutputEncoding = Encoding.UTF8; // Windows would use the code page of its language
        var commandLine = new CommandLine(purpose, definition);
        var parsed = commandLine.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(UntrustedText.Clean(CommandLine.ErrorOf(parsed)));
            return InvalidSettings;
        }

        if (parsed.Action is not null)
        {
            return await parsed.InvokeAsync();
        }

        using var signals = new ShutdownSignals(TimeProvider.System);
        try
        {
            var (flags, file) = commandLine.Values(parsed);
            var settings = await AuctionSettings.LoadAsync(
                flags, Environment.GetEnvironmentVariables(), definition.WritesSettings ? "" : file, signals.Token);
            await using var log = CreateLog(settings.Run.Logs, name, definition.ReservesOutput);
            var run = new ProgramRun(name, definition, settings, parsed, log, TimeProvider.System);
            if (definition.InterruptedMessage.Length > 0)
            {
                signals.SayWith(() => log.Information("{Text}", definition.InterruptedMessage));
            }

            return await RunAsync(name, definition, run, main, signals.Token);
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(UntrustedText.Clean(e.Message));
            return InvalidSettings;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return Success;
        }
    }

    private static async Task<int> RunAsync(
        string name, ProgramDefinition definition, ProgramRun run, Func<ProgramRun, CancellationToken, Task> main, CancellationToken stop)
    {
        run.Log.Information("{Program} started at {Time}.", name, Bid.Format(run.Time.GetUtcNow()));
        run.Log.Information("Runs on {Os} with {DotNet} in {Folder}.",
            RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, Environment.CurrentDirectory);
        try
        {
            if (definition.Flags.Contains(AllSettings.Monitor))
            {
                await WebPage.OfferAdminSiteAsync(run.Settings.Producer.Monitor, run.Log, stop);
            }

            if (definition.Command is null || !await definition.Command(run, stop))
            {
                await using var rate = RateReporter.Start(run, definition);
                await main(run, stop);
            }

            var isComplete = run.Counts.Returned.Value + run.Counts.Failed.Value == 0;
            return isComplete || stop.IsCancellationRequested ? Success : Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Success;
        }
        catch (SettingsException e)
        {
            run.Log.Error("{Text}", e.Message);
            return InvalidSettings;
        }
        catch (ProgramException e)
        {
            run.Log.Error("{Text}", e.Message);
            return Failed;
        }
        catch (Exception e)
        {
            run.Log.Fatal(
                e, "Unexpected error: {Type}: {Text} The log file has the details. Please report them.", e.GetType().Name, e.Message);
            return Failed;
        }
        finally
        {
            run.FailUnconfirmed();
            Counts.Count[] counts = [.. definition.FinalCounts(run.Counts), .. run.Counts.Appended];
            if (counts.Length > 0)
            {
                run.Log.Information("Counts: {Counts}", string.Join(", ", counts.AsEnumerable()));
            }
        }
    }

    private static Logger CreateLog(string folder, string name, bool usesError)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $"{name}.log");
            return new LoggerConfiguration()
                .WriteTo.Console(new LogFormatter(program: null), standardErrorFromLevel: usesError ? LogEventLevel.Verbose : null)
                .WriteTo.Async(
                    file => file.File(
                        new LogFormatter(name), path, rollOnFileSizeLimit: true, fileSizeLimitBytes: 100 << 20, retainedFileCountLimit: 5,
                        buffered: false),
                    blockWhenFull: true)
                .CreateLogger();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Log files cannot be written to {folder}: {e.Message} Choose another folder with --logs.");
        }
    }
}
