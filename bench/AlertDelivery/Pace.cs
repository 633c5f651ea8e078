using System.Globalization;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>Consumer v4 against consumer v3 on the same bids, in turn: what it costs that some of them are high.</summary>
internal static class Pace
{
    private const string Items = "electronics,furniture,art";

    public static async Task MeasureAsync(AlertBench scene, int pairs, int bids, CancellationToken stop)
    {
        await using var server = await MailServer.StartAtAsync(scene.MailPort);
        foreach (var (percent, threshold) in new[] { (1, "990.1"), (20, "802") })
        {
            var ratios = new List<double>();
            for (var pair = 0; pair < pairs; pair++)
            {
                // The first turn may be a good or a bad one to have: they change places.
                var v4First = pair % 2 == 1;
                var (first, second) = (await ReadAsync(v4First), await ReadAsync(!v4First));
                var (v3, v4) = v4First ? (second, first) : (first, second);
                ratios.Add(v4 / v3);
                scene.Say($"{percent}% high: consumer v3 {v3:N0} bids/s, v4 {v4:N0} bids/s, ratio {v4 / v3:0.00}.");
            }

            ratios.Sort();
            scene.Say($"{percent}% high: median ratio {ratios[pairs / 2]:0.00} of {pairs} pairs.");

            async Task<double> ReadAsync(bool isV4)
            {
                await scene.RunAsync(
                    "Producer.V3", "--interval", "0", "--seed", "7", "--monitor", "n", "--quiet", "--count", bids.ToString(CultureInfo.InvariantCulture));
                scene.ForgetAlerts();
                await using var consumer = isV4 ? scene.Start("Consumer.V4", "--quiet", "--threshold", threshold) : scene.Start("Consumer.V3", "--quiet");
                var (from, to) = await Queues.DrainedAsync(scene, Items, stop);
                consumer.Terminate();
                await consumer.EndAsync();
                return bids / scene.Time.GetElapsedTime(from, to).TotalSeconds;
            }
        }
    }
}
