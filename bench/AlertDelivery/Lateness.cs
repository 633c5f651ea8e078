using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>From when a bid is made until the mail server has taken its mail, while a producer and consumer v4 are at work.</summary>
internal static class Lateness
{
    public static async Task MeasureAsync(AlertBench scene, TimeSpan duration, CancellationToken stop)
    {
        await using var server = await MailServer.StartAtAsync(scene.MailPort);
        var inbox = new Inbox(server);
        await using var consumer = scene.Start("Consumer.V4", "--threshold", "505");
        await consumer.LineAsync("Starting consumer.");
        await using var producer = scene.Start("Producer.V3", "--interval", "0.1", "--seed", "7", "--monitor", "n");
        var late = new List<double>();
        var start = scene.Time.GetTimestamp();
        while (scene.Time.GetElapsedTime(start) < duration)
        {
            stop.ThrowIfCancellationRequested();
            var made = await inbox.NextAsync();
            late.Add((scene.Time.GetUtcNow() - made).TotalMilliseconds);
        }

        late.Sort();
        scene.Say($"Lateness of {late.Count} mails, ten bids a second, half of them high: median {At(0.5):0} ms, 95% {At(0.95):0} ms, 99% {At(0.99):0} ms, worst {late[^1]:0} ms.");

        double At(double share) => late[(int)(share * (late.Count - 1))];
    }
}
