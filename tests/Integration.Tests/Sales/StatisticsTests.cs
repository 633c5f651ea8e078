using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Sales;

public sealed class StatisticsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The whole chain: a producer with auctions, Auctioneer, Settlement, and Statistics that starts in the middle.</summary>
    [Fact]
    public async Task Statistics_that_start_in_the_middle_count_each_settled_sale_once()
    {
        await using var host = await Rabbit.HostAsync();
        await using var auctioneer = ProgramUnderTest.Start("Auctioneer", _folder, host.Uri, "--clock", "bids", "--late", "0s", "--quiet");
        await using var settlement = ProgramUnderTest.Start("Settlement", _folder, host.Uri, "--quiet", "--idle-exit", "8");
        await Eventually.TrueAsync("both queues are declared", async () =>
            await PlainClient.ExistsAsync(host.Uri, "auction_auctioneer") && await PlainClient.ExistsAsync(host.Uri, "auction_settlement"));
        await using var producer = ProgramUnderTest.Start(
            "Producer.V3", _folder, host.Uri, "--quiet", "--monitor", "n", "--interval", "0.001", "--count", "3000", "--auctions", "20", "--auction-time", "0.4");
        await settlement.LineAsync(" received so far");

        var (code, texts) = await ProgramUnderTest.RunAsync("Statistics", _folder, host.Uri, "--idle-exit", "6");

        Assert.Equal(0, code);
        Assert.Equal(0, await settlement.EndAsync());
        var settled = int.Parse(settlement.Texts[^1].Split("settled ")[1].Split(',')[0], null);
        Assert.InRange(settled, 50, 3_000);
        Assert.StartsWith($"{settled:#,0} sales, ", texts.Last(text => text.StartsWith("Last day: ", StringComparison.Ordinal))["Last day: ".Length..], StringComparison.Ordinal);
        Assert.Contains(texts, text => text.Contains(" sales of the last day are in data/settlement.db.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_database_figures_begin_with_the_start()
    {
        await using var host = await Rabbit.HostAsync();

        var (code, texts) = await ProgramUnderTest.RunAsync("Statistics", _folder, host.Uri, "--idle-exit", "1");

        Assert.Equal(0, code);
        Assert.Contains("There is no data/settlement.db yet: figures begin now.", texts);
        Assert.Equal("Counts: received 0, new 0, unreadable 0", texts[^1]);
        Assert.False(File.Exists(_folder["data/settlement.db"]));
    }
}
