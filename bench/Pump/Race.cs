using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// Both sides, turn by turn. What else a machine does comes and goes within seconds, and whole runs one after the other meet
/// different weather: their ratio was anything from 0.57 to 1.29. So both sides are started, and their producers take turns;
/// a side whose producer is paused has nothing to do, and leaves the machine to the other.
/// </summary>
/// <param name="broker">The broker of both.</param>
/// <param name="work">What each has to do.</param>
/// <param name="run">The settings and the clock.</param>
/// <param name="folder">Where the programs leave their samples.</param>
internal sealed class Race(RunningBroker broker, Work work, ProgramRun run, string folder)
{
    /// <summary>Short beside what the machine's other work lasts, long beside the moment in which a window of bids runs dry.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs both once; the first has the first turn.</summary>
    /// <exception cref="ProgramException">A program failed, or the counts do not add up.</exception>
    public async Task<(Outcome First, Outcome Second)> RunAsync(Side first, Side second, CancellationToken stop)
    {
        await using var one = await Runner.StartAsync(first, work, broker, run, folder, stop);
        await using var other = await Runner.StartAsync(second, work, broker, run, folder, stop);
        while (!one.Ended.IsCompleted || !other.Ended.IsCompleted)
        {
            await one.TakeTurnAsync(Turn, run.Time, stop);
            await other.TakeTurnAsync(Turn, run.Time, stop);
        }

        return (await one.OutcomeAsync(), await other.OutcomeAsync());
    }
}
