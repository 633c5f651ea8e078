using System.Globalization;
using AuctionTracker.Core.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AuctionTracker.Replay;

/// <summary>A progress bar with rate and time left.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows the share of confirmed bids until the work is done. With <c>--quiet</c> there are rate lines instead.</summary>
    /// <param name="run">The run whose confirmed bids are counted.</param>
    /// <param name="count">The number of bids, or <see langword="null"/> where it is not known: then only the rate is shown.</param>
    /// <param name="work">The work.</param>
    public static async Task ShowAsync(ProgramRun run, long? count, Func<Task> work)
    {
        if (run.Settings.Run.Quiet)
        {
            await work();
            return;
        }

        ProgressColumn[] columns = count is null
            ? [new TaskDescriptionColumn(), new RateColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn()];
        await AnsiConsole.Progress().Columns(columns).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Replaying", maxValue: count ?? double.MaxValue);
            var working = work();
            while (!working.IsCompleted)
            {
                await Task.WhenAny(working, Task.Delay(Tick, run.Time));
                bar.Value = run.Counts.Confirmed.Value;
            }

            await working;
        });
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Speed ?? 0:0} bids/s"));
    }
}
