using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>
/// Kills consumer v4 (SIGKILL) at random moments while the real bids are replayed. Waits until each alert is mailed and counts
/// the mails that were sent twice.
/// </summary>
internal static class ConsumerKills
{
    /// <summary>The real bids span a week. At this speed they take two minutes; fifty kills take a little less.</summary>
    private const string Speed = "5000";

    public static async Task MeasureAsync(BenchEnvironment environment, int kills, int seed, CancellationToken stop)
    {
        await using var server = await MailServer.StartAtAsync(environment.MailPort);
        var inbox = new Inbox(server);
        var random = new Random(seed);
        await using var replay = environment.Start("Replay", BenchEnvironment.RealBids, "--speed", Speed, "--quiet");
        for (var kill = 0; kill < kills; kill++)
        {
            await using var killed = StartConsumer(environment);
            await Task.Delay(TimeSpan.FromSeconds(0.3 + (3 * random.NextDouble())), environment.Time, stop);
            killed.Kill();
            await killed.EndAsync();
        }

        await using var survivor = StartConsumer(environment);
        await survivor.LineAsync("Starting consumer.");
        var replayEnded = replay.Lines.Any(line => line.Contains("Counts:", StringComparison.Ordinal));
        var replayState = replayEnded ? "ended before the last kill" : "is still running";
        environment.Log($"{kills} kills done, seed {seed}; the replay {replayState}.");
        await inbox.WaitForAsync(BenchEnvironment.RealAlerts);

        await replay.EndAsync();
        await environment.WaitForEmptyQueuesAsync(BenchEnvironment.RealItems, stop);
        survivor.Terminate();
        await survivor.EndAsync();
        environment.Log($"{inbox.DistinctMails} different mails, {inbox.Duplicates} duplicates for {kills} kills. {survivor.Texts[^1]}");
    }

    private static ProgramUnderTest StartConsumer(BenchEnvironment environment) =>
        environment.Start("Consumer.V4", "--items", BenchEnvironment.RealItems, "--quiet");
}
