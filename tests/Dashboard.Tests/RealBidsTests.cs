using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>The real bids in a real browser.</summary>
public sealed class RealBidsTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealBidsFact]
    public async Task The_figures_of_the_real_bids_are_right_and_stay_when_the_broker_or_the_server_restarts()
    {
        await using var broker = await RunningBroker.StartAsync(new BrokerRequest { Killable = true }, Console.WriteLine, TimeProvider.System, CancellationToken.None);
        await using var recorder = ProgramUnderTest.Start("Recorder", _folder, broker.Uri, "--quiet");
        await recorder.LineAsync("Starting recorder.");
        var dashboard = await RunningDashboard.StartAsync(_folder, broker.Uri);
        await dashboard.IsLiveAsync();
        await Eventually.TrueAsync("the recorder's queue is declared", () => PlainClient.ExistsAsync(broker.Uri, "auction_record_jsonl"));

        var (code, texts) = await ProgramUnderTest.RunAsync("Replay", _folder, broker.Uri, RealBidsFactAttribute.File!, "--speed", "0", "--quiet");
        Assert.True(code == 0, string.Join('\n', texts));

        await using var wide = await browser.OpenAsync(dashboard.Address);
        await using var narrow = await browser.OpenAsync(dashboard.Address, width: 400, scheme: ColorScheme.Dark);
        await HaveFactsAsync(wide, narrow);
        Assert.All(new[] { wide, narrow }, page =>
        {
            Assert.Empty(page.Messages);
            Assert.NotEmpty(page.Requests);
            Assert.All(page.Requests, request => Assert.Equal("localhost", new Uri(request).Host));
        });
        Assert.Equal(0, await wide.OverflowAsync());
        Assert.Equal(0, await narrow.OverflowAsync());

        await broker.KillAsync();
        await wide.HasAsync(".status", "RabbitMQ is away");
        await HaveFactsAsync(wide, narrow);
        await broker.RestartAsync();
        await wide.HasAsync(".status", "No bids were seen from");
        await HaveFactsAsync(wide, narrow);
        await Eventually.TrueAsync("the recorder has all", async () => await PlainClient.CountAsync(broker.Uri, "auction_record_jsonl") == 0);

        var address = dashboard.Address;
        dashboard.Program.Kill();
        await wide.HasAsync("#away", "does not answer");
        await dashboard.DisposeAsync();
        await using var again = await RunningDashboard.StartAsync(_folder, broker.Uri, address.Port, ["--from", "data/bids/"]);
        await HaveFactsAsync(wide, narrow);
    }

    private static async Task HaveFactsAsync(params BrowserPage[] pages)
    {
        foreach (var page in pages)
        {
            await page.HasFigureAsync("Bids", "10,681");
            await page.HasFigureAsync("Amount bid", "$2,217,227.23");
            await page.HasFigureAsync("Highest bid", "$5,400.00");
            await page.HasFigureAsync("High bids", "484");
            await page.HasAsync(".figures div:has(dt:text-is('Auctions open')) .trend", "of 628");
            await page.HasAsync(".bars li:has-text('Palm Pilot M515 PDA') b", "5,917");
            await page.HasAsync(".bars li:has-text('Xbox game console') b", "2,811");
            await page.HasAsync(".bars li:has-text('Cartier wristwatch') b", "1,953");
        }
    }
}
