using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Playwright;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>The page, with bids that the tests choose.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private VirtualHost _host = null!;
    private RunningDashboard _dashboard = null!;

    public async Task InitializeAsync()
    {
        _host = await Rabbit.HostAsync();
        _dashboard = await RunningDashboard.StartAsync(_folder, _host.Uri);
        await _dashboard.IsLiveAsync();
    }

    public async Task DisposeAsync()
    {
        await _dashboard.DisposeAsync();
        await _host.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hostile_name_is_inert_text()
    {
        const string Markup = "<img src=x onerror=alert(1)>";
        await SendAsync(
            Some.Bid(900, Markup, bidderId: $"\u202e{Markup}", bidderName: "\u001b[2J<script>alert(2)</script>", auctionId: $"{Markup}'\"/../%2e"),
            Some.Bid(5, new string('w', 256), bidderName: new string('\u0301', 256), auctionId: new string('/', 256)));
        await using var page = await browser.OpenAsync(_dashboard.Address);

        await page.HasAsync(".bids td:nth-child(2)", "www");
        await page.HasAsync(".bids tr.high td:nth-child(2)", Markup);
        await page.HasAsync(".bids tr.high td:nth-child(4)", "\\u001b[2J<script>");
        await page.Page.ClickAsync($".bars button:has-text('{Markup}')");
        await page.HasAsync(".filter strong", Markup);
        await page.Page.ClickAsync(".bids tr.high td:nth-child(5) a");
        await page.HasAsync("h1", "Auction <img src=x");
        Assert.Empty(page.Messages);
        Assert.All(page.Requests, request => Assert.Equal("localhost", new Uri(request).Host));
        Assert.Equal(0, await page.OverflowAsync());
    }

    [Fact]
    public async Task The_list_of_bids_pauses_under_the_pointer_and_says_what_is_new()
    {
        await SendAsync(Some.Bid(1, "art"));
        await using var page = await browser.OpenAsync(_dashboard.Address);
        await page.HasAsync(".bids td:nth-child(3)", "$1.00");

        await page.Page.HoverAsync(".bids");
        await page.HasAsync(".filterbar button", "Resume");
        await SendAsync([.. Enumerable.Range(2, 37).Select(amount => Some.Bid(amount, "art"))]);
        await page.HasAsync(".filterbar button", "37 new: resume");
        await page.HasAsync(".bids td:nth-child(3)", "$1.00");
        await page.HasFigureAsync("Bids", "38");

        await page.Page.ClickAsync(".filterbar button");
        await page.HasAsync(".bids td:nth-child(3)", "$38.00");
        await page.HasAsync(".filterbar button", "Pause");
    }

    [Fact]
    public async Task A_filter_is_in_the_address_and_what_is_seen_can_be_had_as_CSV()
    {
        await SendAsync(Some.Bid(10, "art", auctionId: "a1"), Some.Bid(900, "art", auctionId: "a2"), Some.Bid(950, "toys", auctionId: "a3"));
        await using var page = await browser.OpenAsync(_dashboard.Address);
        await page.HasFigureAsync("Bids", "3");

        await page.Page.ClickAsync(".bars button:has-text('art')");
        await page.Page.FillAsync("input[type=number]", "100");
        await page.Page.PressAsync("input[type=number]", "Enter");
        await page.HasAsync(".bids td:nth-child(3)", "$900.00");

        await page.Page.WaitForURLAsync("**/?item=art&least=100");
        await page.Page.ReloadAsync();
        await page.HasAsync(".bids td:nth-child(3)", "$900.00");
        Assert.Equal(1, await page.Page.Locator(".bids tbody tr").CountAsync());
        var csv = (await _dashboard.GetAsync("bids.csv?item=art&least=100")).Split('\n');
        Assert.Equal("arrived,timestamp,item,bid_amount,bidder_id,bidder_name,auction_id", csv[0]);
        Assert.EndsWith(",art,900.00,b-1,Ada Byron,a2", csv[1], StringComparison.Ordinal);
        Assert.Equal("", csv[2]);
    }

    [Fact]
    public async Task A_chart_stands_still_under_the_pointer_and_shows_its_figures()
    {
        await SendAsync([.. Enumerable.Range(1, 100).Select(amount => Some.Bid(amount, "art"))]);
        await using var page = await browser.OpenAsync(_dashboard.Address);
        await page.HasAsync(".panel:has(#amounts) .key", "median $50.50"); // lists may be a second older than figures
        var amounts = page.Page.Locator(".panel:has(#amounts)");

        await amounts.Locator("svg").HoverAsync(new() { Position = new() { X = 3, Y = 50 } });
        await page.HasAsync(".panel:has(#amounts) .under", "$0.00 to below $6.00: 5 bids, 5%");
        await SendAsync([.. Enumerable.Range(1, 100).Select(amount => Some.Bid(10 * amount, "art"))]);
        await page.HasFigureAsync("Bids", "200");
        await page.HasAsync(".panel:has(#amounts) .under", "$0.00 to below $6.00: 5 bids, 5%");

        await page.Page.HoverAsync("h1");
        await page.HasAsync(".panel:has(#amounts) .key", "mean $277.75");
    }

    [Fact]
    public async Task The_page_of_an_auction_has_its_ladder_and_a_wrong_one_is_not_found()
    {
        await SendAsync(
            Some.Bid(10, "art", Some.Time, "b1", auctionId: "a/1 ?"), Some.Bid(30, "art", Some.Time.AddMinutes(1), "b2", auctionId: "a/1 ?"),
            Some.Bid(20, "art", Some.Time.AddMinutes(2), "b1", auctionId: "a/1 ?"));
        await using var page = await browser.OpenAsync(_dashboard.Address);
        await page.Page.ClickAsync(".bids a");

        await page.HasFigureAsync("Would win", "$30.00");
        await page.HasFigureAsync("Bids", "3");
        await page.HasAsync("section:has(#bidders) td", "b2");
        Assert.Equal(3, await page.Page.Locator("section:has(#bids) tbody tr").CountAsync());
        using var missing = await _dashboard.Http.GetAsync(new Uri(_dashboard.Address, "auction/none"));
        Assert.Equal(404, (int)missing.StatusCode);
        Assert.Contains("There is no such page or auction", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_is_chosen_has_its_hot_auctions_even_if_those_of_others_are_busier()
    {
        await SendAsync([.. Enumerable.Range(0, 40).Select(number => Some.Bid(5, "toys", auctionId: $"t{number % 20}")), Some.Bid(7, "art", auctionId: "rare"), Some.Bid(7, "wine")]);
        await using var page = await browser.OpenAsync(_dashboard.Address);
        await page.HasAsync("section:has(#hot) td", "t0");
        Assert.DoesNotContain("rare", await page.Page.InnerTextAsync("section:has(#hot)"), StringComparison.Ordinal);

        await page.Page.ClickAsync(".bars button:has-text('art')");
        await page.HasAsync("section:has(#hot) td", "rare");
        await page.Page.ClickAsync(".bars button:has-text('wine')");
        await page.HasAsync("section:has(#hot)", "No auction of this item had a bid in this time.");
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(1251)]
    [InlineData(761)]
    [InlineData(400)]
    [InlineData(320)]
    public async Task A_figure_is_never_cut(int width)
    {
        await SendAsync(Some.Bid(999_999_999_999.99m, "art"), Some.Bid(456_789_012_345.67m, "art"));
        await using var page = await browser.OpenAsync(_dashboard.Address, width);
        await page.HasFigureAsync("Amount bid", "$1,456,789,012,345.66");

        Assert.Empty(await page.Page.Locator(".figures dd:not(.trend)").EvaluateAllAsync<string[]>("all => all.filter(dd => dd.scrollWidth > dd.clientWidth).map(dd => dd.textContent)"));
        Assert.Equal(0, await page.OverflowAsync());
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(400)]
    public async Task A_page_whose_server_is_gone_does_not_say_that_it_is_live_and_its_end_can_be_read(int width)
    {
        await using var page = await browser.OpenAsync(_dashboard.Address, width);
        await Assertions.Expect(page.Page.Locator(".status")).ToBeVisibleAsync();

        _dashboard.Program.Kill();

        await Assertions.Expect(page.Page.Locator("#away")).ToBeVisibleAsync(new() { Timeout = (float)ProgramUnderTest.Patience.TotalMilliseconds });
        await Assertions.Expect(page.Page.Locator(".status")).ToBeHiddenAsync();
        Assert.True(await page.Page.EvaluateAsync<bool>(
            "() => { scrollTo(0, document.body.scrollHeight); return document.querySelector('footer').getBoundingClientRect().bottom <= document.getElementById('away').getBoundingClientRect().top; }"));
    }

    [Fact]
    public async Task The_first_picture_is_complete_and_times_are_those_of_the_browser()
    {
        await SendAsync(Some.Bid(900, "art", auctionId: "a1"));
        await Eventually.TrueAsync("the bid is there", async () => (await _dashboard.GetAsync("api/stats")).Contains("\"bids\":1,", StringComparison.Ordinal));

        var html = await _dashboard.GetAsync("");

        Assert.Contains(">$900.00</dd>", html, StringComparison.Ordinal); // before any script
        Assert.Contains("<path class=\"line c0\" d=\"M", html, StringComparison.Ordinal);
        await using var page = await browser.OpenAsync(_dashboard.Address);
        await page.HasAsync("footer", $"Times are those of {Browser.Zone}.");
    }

    private async Task SendAsync(params Bid[] bids)
    {
        await using var connection = await Rabbit.ConnectAsync(_host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        foreach (var bid in bids)
        {
            await channel.BasicPublishAsync(
                "auction_bids", "bid.any", mandatory: false, new BasicProperties { MessageId = Guid.CreateVersion7().ToString() }, BidJson.Write(bid));
        }
    }
}
