using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>Measures the time from a bid's timestamp until the mail server has received its mail.</summary>
internal static class Latency
{
    public static async Task MeasureAsync(BenchEnvironment environment, TimeSpan duration, CancellationToken stop)
    {
        await using var server = await MailServer.StartAtAsync(environment.MailPort);
        var inbox = new Inbox(server);
        await using var consumer = environment.Start("Consumer.V4", "--threshold", "505");
        await consumer.LineAsync("Starting consumer.");
        await using var producer = environment.Start("Producer.V3", "--interval", "0.1", "--seed", "7", "--monitor", "n");
        var latencies = new List<double>();
        var start = environment.Time.GetTimestamp();
        while (environment.Time.GetElapsedTime(start) < duration)
        {
            stop.ThrowIfCancellationRequested();
            var bidTime = await inbox.NextAsync();
            latencies.Add((environment.Time.GetUtcNow() - bidTime).TotalMilliseconds);
        }

        latencies.Sort();
        environment.Log($"{latencies.Count} mails; ten bids a second, half of them above the threshold.");
        environment.Log(
            $"Latency: median {Percentile(50):0} ms, 95% {Percentile(95):0} ms, 99% {Percentile(99):0} ms, worst {latencies[^1]:0} ms.");

        double Percentile(int percent) => latencies[(latencies.Count - 1) * percent / 100];
    }
}
