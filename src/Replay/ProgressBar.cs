using System.Globalization;
using AuctionTracker.Core.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AuctionTracker.Replay;

/// <summary>A progress bar with rate and time left, while a replay runs.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows the share of confirmed bids until the work is done; with <c>--quiet</c> there are rate lines instead.</summary>
    public static async Task ShowAsync(ProgramRun run, int count, Func<Task> work)
    {
        if (run.Settings.Run.Quiet)
        {
            await work();
            return;
        }

        var columns = new ProgressColumn[]
        {
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn(),
        };
        await AnsiConsole.Progress().Columns(columns).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Replaying", maxValue: count);
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
