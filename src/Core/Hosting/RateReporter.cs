using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Hosting;

/// <summary>With <c>--quiet</c>: one line a second with the rate, as long as it lives.</summary>
internal sealed class RateReporter : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _lines;

    private RateReporter(AuctionRun run, Counts.Count pace) => _lines = SayAsync(run, pace, _end.Token);

    public static RateReporter? Start(AuctionRun run, ProgramKind kind) =>
        run.Settings.Run.Quiet ? new RateReporter(run, kind.Pace(run.Counts)) : null;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _lines;
        _end.Dispose();
    }

    private static async Task SayAsync(AuctionRun run, Counts.Count pace, CancellationToken end)
    {
        var (before, since) = (pace.Value, run.Time.GetTimestamp());
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(Second, run.Time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (now, at) = (pace.Value, run.Time.GetTimestamp());
            var seconds = run.Time.GetElapsedTime(since, at).TotalSeconds;
            if (!end.IsCancellationRequested)
            {
                run.Log.Information("{Rate:0} bids/s, {Total} {Name} so far.", (now - before) / seconds, now, pace.Name);
            }

            (before, since) = (now, at);
        }
    }
}
