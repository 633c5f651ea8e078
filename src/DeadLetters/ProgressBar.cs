using AuctionTracker.Core.Hosting;
using Spectre.Console;

namespace AuctionTracker.Letters;

/// <summary>A progress bar at a terminal, gone when the work is done.</summary>
internal static class ProgressBar
{
    public static Task ShowAsync(ProgramRun run, string text, Func<ProgressTask, Task> work) =>
        run.Settings.Run.Quiet || Console.IsOutputRedirected
            ? work(new ProgressTask(0, text, 1))
            : AnsiConsole.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(progress => work(progress.AddTask(text)));
}
