using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// Runs both contenders in alternating time slices. The load of a machine changes within seconds: when one contender ran after
/// the other, the ratio of the same two programs varied from 0.57 to 1.29. So both contenders are started, and only one
/// producer runs at a time. A contender whose producer is paused has nothing to do and leaves the machine to the other.
/// </summary>
/// <param name="broker">The broker of both contenders.</param>
/// <param name="workload">The workload of each contender.</param>
/// <param name="run">The settings and the clock.</param>
/// <param name="folder">The folder of the sample files.</param>
internal sealed class PairedRun(RunningBroker broker, Workload workload, ProgramRun run, string folder)
{
    /// <summary>Short against changes of the machine's load; long against the time in which a window of bids is consumed.</summary>
    private static readonly TimeSpan TimeSlice = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs both contenders once. <paramref name="first"/> has the first time slice.</summary>
    /// <exception cref="ProgramException">A program failed, or its counts are not those of the workload.</exception>
    public async Task<(RunResult First, RunResult Second)> RunAsync(Contender first, Contender second, CancellationToken stop)
    {
        await using var one = await ContenderRun.StartAsync(first, workload, broker, run, folder, stop);
        await using var other = await ContenderRun.StartAsync(second, workload, broker, run, folder, stop);
        while (!one.Ended.IsCompleted || !other.Ended.IsCompleted)
        {
            await one.RunSliceAsync(TimeSlice, run.Time, stop);
            await other.RunSliceAsync(TimeSlice, run.Time, stop);
        }

        return (await one.ResultAsync(), await other.ResultAsync());
    }
}
