using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Replay;

/// <summary>The public eBay data, which is not part of this repository.</summary>
public sealed class RealBidsTests
{
    private static readonly string[] Items = ["Palm Pilot M515 PDA", "Xbox game console", "Cartier wristwatch"];

    [RealBidsFact]
    public async Task Every_real_bid_arrives_in_order_and_each_above_800_alerts_once()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (replayCode, sent) = await ProgramUnderTest.RunAsync("Replay", folder, host.Uri, RealBidsFactAttribute.File!, "--speed", "0");
        Assert.Equal((5917u, 2811u, 1953u), (await WaitingAsync(host.Uri, Items[0]), await WaitingAsync(host.Uri, Items[1]), await WaitingAsync(host.Uri, Items[2])));
        var (consumerCode, received) = await ProgramUnderTest.RunAsync(
            "Consumer.V4", folder, host.Uri, "--items", string.Join(',', Items), "--count", "10681");

        Assert.Equal((0, 0), (replayCode, consumerCode));
        Assert.Equal("Counts: bad rows 0, sent 10681, confirmed 10681, returned 0, failed 0", sent[^1]);
        Assert.Equal("Counts: received 10681, handled 10681, dead-lettered 0, unacked 0, waiting before 0, alerts 484, mailed 484, refused 0, waiting 0, mails 484", received[^1]);
        Assert.Equal(484, Directory.GetFiles(folder["outbox"], "*.eml").Length);
        foreach (var item in Items)
        {
            var bids = received.Where(t => t.StartsWith($"Received {item} message: ", StringComparison.Ordinal)).Select(t => t[$"Received {item} message: ".Length..]);
            Assert.Equal(await LastFiveAsync(item), bids.TakeLast(5));
            Assert.Contains($"Rolling window for {item} updated. Size: 5, Latest bid: {(await LastFiveAsync(item))[^1]}", received);
        }
    }

    private static Task<uint> WaitingAsync(Uri broker, string item) =>
        PlainClient.CountAsync(broker, Core.Messaging.AuctionTopology.QueueFor(item));

    /// <summary>The file's last five bids on an item by their time, worked out apart from the suite's reader.</summary>
    private static async Task<IReadOnlyList<string>> LastFiveAsync(string item)
    {
        var opening = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return
        [
            .. (await File.ReadAllLinesAsync(RealBidsFactAttribute.File!)).Skip(1)
                .Select(line => line.Split(','))
                .Where(fields => fields[7] == item)
                .Select(fields => (Days: Number(fields[2]), Amount: Number(fields[1])))
                .OrderBy(bid => bid.Days)
                .TakeLast(5)
                .Select(bid => new Bid("", bid.Amount, opening.AddTicks((long)(bid.Days * TimeSpan.TicksPerDay)), item, "", "").ToString()),
        ];
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
