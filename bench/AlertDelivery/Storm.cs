using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>All real bids at once while the mail server is away; then each of their 484 alerts is mailed, once.</summary>
internal static class Storm
{
    public static async Task MeasureAsync(AlertBench scene, TimeSpan away, CancellationToken stop)
    {
        await using var v3 = await ReadAsync(scene, "Consumer.V3", stop);
        v3.Terminate();
        await v3.EndAsync();

        var start = scene.Time.GetTimestamp();
        await using var consumer = await ReadAsync(scene, "Consumer.V4", stop);
        if (away - scene.Time.GetElapsedTime(start) is { Ticks: > 0 } left)
        {
            await Task.Delay(left, scene.Time, stop);
        }

        await using var server = await MailServer.StartAtAsync(scene.MailPort);
        var (inbox, back) = (new Inbox(server), scene.Time.GetTimestamp());
        await inbox.NextAsync();
        var first = scene.Time.GetElapsedTime(back);
        while (inbox.Different < AlertBench.RealAlerts)
        {
            await inbox.NextAsync();
        }

        consumer.Terminate();
        await consumer.EndAsync();
        scene.Say($"Mail server back: first mail after {first.TotalSeconds:0.0} s, {inbox.Different} different mails after {scene.Time.GetElapsedTime(back).TotalSeconds:0.0} s, doubles {inbox.Doubles}.");
    }
    /// <summary>Replays the real bids, then starts a consumer and waits until it has read them.</summary>
    private static async Task<ProgramUnderTest> ReadAsync(AlertBench scene, string consumer, CancellationToken stop)
    {
        await scene.RunAsync("Replay", AlertBench.RealBids(), "--speed", "0");
        var start = scene.Time.GetTimestamp();
        var program = scene.Start(consumer, "--items", AlertBench.RealItems, "--quiet");
        await Queues.DrainedAsync(scene, AlertBench.RealItems, stop);
        scene.Say($"{consumer} read 10,681 bids within {scene.Time.GetElapsedTime(start).TotalSeconds:0.0} s of its start, without a mail server.");
        return program;
    }
}
