using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>
/// Publishes all real bids at once while the mail server is down. Measures how long consumer v4 takes to read them, compared
/// with consumer v3, and how long the 484 alerts take to arrive once the server is up.
/// </summary>
internal static class MailServerOutage
{
    public static async Task MeasureAsync(BenchEnvironment environment, TimeSpan outage, CancellationToken stop)
    {
        await using var v3 = await ReadBidsAsync(environment, "Consumer.V3", stop);
        v3.Terminate();
        await v3.EndAsync();

        var start = environment.Time.GetTimestamp();
        await using var v4 = await ReadBidsAsync(environment, "Consumer.V4", stop);
        if (outage - environment.Time.GetElapsedTime(start) is { Ticks: > 0 } left)
        {
            await Task.Delay(left, environment.Time, stop);
        }

        await using var server = await MailServer.StartAtAsync(environment.MailPort);
        var (inbox, serverUp) = (new Inbox(server), environment.Time.GetTimestamp());
        await inbox.NextAsync();
        var first = environment.Time.GetElapsedTime(serverUp);
        await inbox.WaitForAsync(BenchEnvironment.RealAlerts);
        v4.Terminate();
        await v4.EndAsync();
        var all = environment.Time.GetElapsedTime(serverUp);
        environment.Log($"Mail server up: first mail after {first.TotalSeconds:0.0} s, all mails after {all.TotalSeconds:0.0} s.");
        environment.Log($"{inbox.DistinctMails} different mails, {inbox.Duplicates} duplicates.");
    }

    /// <summary>Replays the real bids into the queues, then starts a consumer and waits until it has read them.</summary>
    private static async Task<ProgramUnderTest> ReadBidsAsync(BenchEnvironment environment, string consumer, CancellationToken stop)
    {
        await environment.RunAsync("Replay", BenchEnvironment.RealBids, "--speed", "0");
        var start = environment.Time.GetTimestamp();
        var program = environment.Start(consumer, "--items", BenchEnvironment.RealItems, "--quiet");
        await environment.WaitForEmptyQueuesAsync(BenchEnvironment.RealItems, stop);
        var seconds = environment.Time.GetElapsedTime(start).TotalSeconds;
        environment.Log($"{consumer} read 10,681 bids within {seconds:0.0} s of its start, without a mail server.");
        return program;
    }
}
