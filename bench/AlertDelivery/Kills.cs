using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>kill -9 of consumer v4 at random moments while the real bids are replayed. Each alert must arrive.</summary>
internal static class Kills
{
    /// <summary>The real bids span a week; at this speed they take two minutes, and fifty kills a little less.</summary>
    private const string Speed = "5000";

    public static async Task MeasureAsync(AlertBench scene, int kills, int seed, CancellationToken stop)
    {
        await using var server = await MailServer.StartAtAsync(scene.MailPort);
        var inbox = new Inbox(server);
        var random = new Random(seed);
        var replay = scene.Start("Replay", AlertBench.RealBids(), "--speed", Speed, "--quiet");
        await using (replay)
        {
            for (var kill = 0; kill < kills; kill++)
            {
                await using var killed = scene.Start("Consumer.V4", "--items", AlertBench.RealItems, "--quiet");
                await Task.Delay(TimeSpan.FromSeconds(0.3 + (3 * random.NextDouble())), scene.Time, stop);
                killed.Kill();
                await killed.EndAsync();
            }

            await using var last = scene.Start("Consumer.V4", "--items", AlertBench.RealItems, "--quiet");
            await last.LineAsync("Starting consumer.");
            var isOver = replay.Lines.Any(line => line.Contains("Counts:", StringComparison.Ordinal));
            scene.Say($"{kills} kills done, seed {seed}; the replay {(isOver ? "was over before the last one" : "still goes on")}.");
            while (inbox.Different < AlertBench.RealAlerts)
            {
                await inbox.NextAsync();
            }

            await replay.EndAsync();
            await Queues.DrainedAsync(scene, AlertBench.RealItems, stop);
            last.Terminate();
            await last.EndAsync();
            scene.Say($"{inbox.Different} different mails, {inbox.Doubles} doubles for {kills} kills. {last.Texts[^1]}");
        }
    }
}
