using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Replay.Tests;

public sealed class BidSorterTests
{
    [Theory]
    [InlineData(0, 1 << 20, 2)]
    [InlineData(1, 1, 2)]
    [InlineData(1000, 1 << 20, 2)] // in memory
    [InlineData(1000, 1 << 16, 64)] // one merge
    [InlineData(1000, 1000, 2)] // some 250 runs, merged two at a time
    [InlineData(1000, 1, 3)] // a run for each bid
    public async Task Bids_come_out_by_time_and_those_of_one_time_as_they_went_in(int count, int runBytes, int maxRuns)
    {
        var random = new Random(7);
        var bids = Enumerable.Range(1, count)
            .Select(i => Some.Bid(i, timestamp: Some.Time.AddSeconds(random.Next(100)), bidderName: new string('x', random.Next(256))))
            .Select((bid, i) => new ReplayBid(bid, i % 2 == 0 ? null : $"id {i}"))
            .ToList();

        Assert.Equal(bids.OrderBy(b => b.Bid.Timestamp), await SortAsync(bids, isByTime: true, runBytes, maxRuns));
        Assert.Equal(bids, await SortAsync(bids, isByTime: false, runBytes, maxRuns));
    }

    private static async Task<IReadOnlyList<ReplayBid>> SortAsync(IEnumerable<ReplayBid> bids, bool isByTime, int runBytes, int maxRuns)
    {
        using var sorter = new BidSorter(isByTime, runBytes, maxRuns);
        foreach (var bid in bids)
        {
            await sorter.AddAsync(bid, CancellationToken.None);
        }

        var sorted = new List<ReplayBid>();
        await foreach (var bid in sorter.ReadAsync(CancellationToken.None))
        {
            sorted.Add(bid);
        }

        return sorted;
    }
}
