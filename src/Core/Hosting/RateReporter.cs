using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Hosting;

/// <summary>Logs the rate of a count once a second until it is disposed.</summary>
internal sealed class RateReporter : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _reporting;

    private RateReporter(ProgramRun run, Counts.Count count, string unit) => _reporting = ReportAsync(run, count, unit, _end.Token);

    /// <summary>Starts a reporter with <c>--quiet</c>; <see langword="null"/> without.</summary>
    public static RateReporter? Start(ProgramRun run, ProgramDefinition definition) =>
        run.Settings.Run.Quiet ? new RateReporter(run, definition.RateCount(run.Counts), definition.RateUnit) : null;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reporting;
        _end.Dispose();
    }

    private static async Task ReportAsync(ProgramRun run, Counts.Count count, string unit, CancellationToken end)
    {
        var (before, since) = (count.Value, run.Time.GetTimestamp());
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(Second, run.Time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (now, at) = (count.Value, run.Time.GetTimestamp());
            var seconds = run.Time.GetElapsedTime(since, at).TotalSeconds;
            if (!end.IsCancellationRequested)
            {
                run.Log.Information("{Rate:0} {Unit}/s, {Total} {Name} so far.", (now - before) / seconds, unit, now, count.Name);
            }

            (before, since) = (now, at);
        }
    }
}
