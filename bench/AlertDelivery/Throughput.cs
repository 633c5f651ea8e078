using System.Globalization;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>Compares the throughput of consumers v4 and v3 on the same bids: the cost of alerts.</summary>
internal static class Throughput
{
    private const string Items = "electronics,furniture,art";

    public static async Task MeasureAsync(BenchEnvironment environment, int pairs, int bids, CancellationToken stop)
    {
        await using var server = await MailServer.StartAtAsync(environment.MailPort);
        foreach (var (percent, threshold) in new[] { (1, "990.1"), (20, "802") })
        {
            var ratios = new List<double>();
            for (var pair = 0; pair < pairs; pair++)
            {
                // The first run of a pair may be an advantage or a disadvantage, so the consumers alternate.
                var v4First = pair % 2 == 1;
                var (first, second) = (await RunAsync(v4First), await RunAsync(!v4First));
                var (v3, v4) = v4First ? (second, first) : (first, second);
                ratios.Add(v4 / v3);
                environment.Log($"{percent}% above the threshold: consumer v3 {v3:N0} bids/s, v4 {v4:N0} bids/s, ratio {v4 / v3:0.00}.");
            }

            ratios.Sort();
            environment.Log($"{percent}% above the threshold: median ratio {ratios[pairs / 2]:0.00} of {pairs} pairs.");

            async Task<double> RunAsync(bool isV4)
            {
                await environment.RunAsync(
                    "Producer.V3", "--interval", "0", "--seed", "7", "--monitor", "n", "--quiet",
                    "--count", bids.ToString(CultureInfo.InvariantCulture));
                environment.DeleteAlerts();
                await using var consumer = isV4
                    ? environment.Start("Consumer.V4", "--quiet", "--threshold", threshold)
                    : environment.Start("Consumer.V3", "--quiet");
                var (from, to) = await environment.WaitForEmptyQueuesAsync(Items, stop);
                consumer.Terminate();
                await consumer.EndAsync();
                return bids / environment.Time.GetElapsedTime(from, to).TotalSeconds;
            }
        }
    }
}
