using System.Globalization;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>The page of sales, and what is left until auctions close.</summary>
public sealed class SalesPageTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const string Closed = "2026-11-26T10:00:00.000000+00:00";
    private const string Settled = "2026-11-26T10:00:01.500000+00:00";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Messages_make_the_figures_and_a_repeat_changes_nothing()
    {
        await using var host = await Rabbit.HostAsync();
        await using var dashboard = await StartAsync(host.Uri);
        for (var i = 0; i < 2; i++)
        {
            await SendAsync(
                host.Uri,
                ("sold.art", Sold("a1", "art", "120.50")),
                ("unsold.art", """{"auction_id":"a2","item":"art","highest_amount":7,"winning_amount":null,"bidder_name":null,"closed":"2026-11-26T10:00:00Z"}"""),
                ("sold.toys", Sold("a3", "toys", "79.50")),
                ("settled.art", $$"""{"auction_id":"a1","item":"art","winning_amount":120.50,"closed":"{{Closed}}","settled":"{{Settled}}","stock":4,"stock_change":9}"""),
                ("stock.low.art", """{"item":"art","stock":3,"stock_change":8,"time":"2026-11-26T10:00:00Z"}"""),
                ("stock.refilled.toys", """{"item":"toys","stock":20,"stock_change":2,"time":"2026-11-26T10:00:00Z"}"""));
        }

        await using var page = await OpenAsync(dashboard);

        await page.HasFigureAsync("Sold", "2");
        await page.HasFigureAsync("Unsold", "1");
        await page.HasFigureAsync("Revenue", "$200.00");
        await page.HasFigureAsync("Mean sale", "$100.00");
        await page.HasFigureAsync("Settled", "1");
        await page.HasFigureAsync("Wait to be settled", "1");
        await page.HasFigureAsync("Time to settle", "1.50 s");
        await page.HasFigureAsync("Low stock", "1");
        await page.HasAsync(".levels li.low", "4, low");
        await page.HasAsync(".levels li:not(.low)", "20");
        await page.HasAsync(".bars:not(.levels) li:has-text('art') b", "$120.50");
        await page.HasAsync(".sales tr:has-text('a1')", "1.50 s");
        await page.HasAsync(".sales tr:has-text('a2')", "unsold");
        await page.HasAsync(".sales tr:has-text('a3')", "waits");
        await page.HasAsync(".status", "Figures since");
        Assert.Empty(page.Messages);
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task A_hostile_message_is_inert_and_what_cannot_be_read_is_counted(int width, ColorScheme scheme)
    {
        const string Markup = "<img src=x onerror=alert(1)>\\u202e";
        await using var host = await Rabbit.HostAsync();
        await using var dashboard = await StartAsync(host.Uri);
        await SendAsync(
            host.Uri,
            ("sold.x", Sold($"{Markup}'\\\"/../%2e", $"{Markup}{new string('w', 200)}", "999999999999.99", $"<script>alert(2)</script>{new string('\u0301', 200)}")),
            ("settled.x", "{"), ("sold", "[1]"), ("stock.x", Sold("b", "b", "1")), ("who", Sold("c", "c", "1")));

        await using var page = await OpenAsync(dashboard, width, scheme);

        await page.HasAsync(".sales td:nth-child(2)", "<img src=x onerror=alert(1)>\\u202e");
        await page.HasAsync(".status", "4 messages could not be read.");
        await page.HasFigureAsync("Sold", "1");
        Assert.Empty(page.Messages);
        Assert.All(page.Requests, request => Assert.Equal("localhost", new Uri(request).Host));
        Assert.Equal(0, await page.OverflowAsync());
    }

    [Fact]
    public async Task A_lost_broker_is_said_and_a_time_without_messages_is_a_gap_unless_the_databases_have_it()
    {
        await using var broker = await RunningBroker.StartAsync(new BrokerRequest { Killable = true }, Console.WriteLine, TimeProvider.System, CancellationToken.None);
        await using var dashboard = await StartAsync(broker.Uri);
        await SendAsync(broker.Uri, ("sold.art", Sold("a1", "art", "10")));
        await using var page = await OpenAsync(dashboard);
        await page.HasFigureAsync("Sold", "1");

        await broker.KillAsync();
        await page.HasAsync(".status", "RabbitMQ is away since");
        await broker.RestartAsync();
        await page.HasAsync(".status", "were not seen.");
        await page.HasFigureAsync("Sold", "1");

        await SendAsync(broker.Uri, ("sold.art", Sold("a1", "art", "10")), ("sold.art", Sold("a2", "art", "20")));
        await page.HasFigureAsync("Sold", "2");
        await page.HasFigureAsync("Revenue", "$30.00");
    }

    /// <summary>The whole chain, and a dashboard that starts in the middle; its figures are those of the databases at the end.</summary>
    [Fact]
    public async Task A_dashboard_that_starts_in_the_middle_has_all_sales_and_keeps_them_when_the_broker_was_killed()
    {
        await using var broker = await RunningBroker.StartAsync(new BrokerRequest { Killable = true }, Console.WriteLine, TimeProvider.System, CancellationToken.None);
        await using var auctioneer = ProgramUnderTest.Start("Auctioneer", _folder, broker.Uri, "--clock", "bids", "--late", "0s", "--quiet");
        await using var settlement = ProgramUnderTest.Start("Settlement", _folder, broker.Uri, "--quiet");
        await Eventually.TrueAsync("both queues are declared", async () =>
            await PlainClient.ExistsAsync(broker.Uri, "auction_auctioneer") && await PlainClient.ExistsAsync(broker.Uri, "auction_settlement"));
        await using var producer = ProgramUnderTest.Start(
            "Producer.V3", _folder, broker.Uri, "--quiet", "--monitor", "n", "--interval", "0.001", "--count", "3000", "--auctions", "20", "--auction-time", "0.4");
        await settlement.LineAsync(" received so far");

        await using var dashboard = await StartAsync(broker.Uri);
        await using var page = await OpenAsync(dashboard);
        await page.HasAsync(".status", "Figures of all sales in the databases of Auctioneer and Settlement");
        await broker.KillAsync();
        await broker.RestartAsync();
        Assert.Equal(0, await producer.EndAsync());
        await Eventually.TrueAsync("all sales are settled", async () =>
            await PlainClient.CountAsync(broker.Uri, "auction_auctioneer") + await PlainClient.CountAsync(broker.Uri, "auction_settlement") == 0 &&
            Count("settlement.db", "SELECT count(*) FROM sales WHERE settled IS NULL") == 0 &&
            Count("auctions.db", "SELECT count(*) FROM auctioneer_outbox") + Count("settlement.db", "SELECT count(*) FROM settlement_outbox") == 0 &&
            Count("auctions.db", "SELECT count(*) FROM auctions WHERE sold = 1") == Count("settlement.db", "SELECT count(*) FROM sales"));

        Assert.InRange(Count("settlement.db", "SELECT count(*) FROM sales"), 50, 3_000);
        await Eventually.TrueAsync("the figures for machines are those of the databases", async () =>
        {
            using var stats = System.Text.Json.JsonDocument.Parse(await dashboard.GetAsync("api/stats"));
            var sales = stats.RootElement.GetProperty("sales");
            return sales.GetProperty("sold").GetInt64() == Count("auctions.db", "SELECT count(*) FROM auctions WHERE sold = 1") &&
                sales.GetProperty("unsold").GetInt64() == Count("auctions.db", "SELECT count(*) FROM auctions WHERE sold = 0") &&
                sales.GetProperty("settled").GetInt64() == Count("settlement.db", "SELECT count(*) FROM sales") &&
                sales.GetProperty("sold").GetInt64() == sales.GetProperty("settled").GetInt64();
        });
        var (sold, unsold) = (Count("auctions.db", "SELECT count(*) FROM auctions WHERE sold = 1"), Count("auctions.db", "SELECT count(*) FROM auctions WHERE sold = 0"));
        await page.HasFigureAsync("Sold", sold.ToString("#,0", CultureInfo.InvariantCulture));
        await page.HasFigureAsync("Unsold", unsold.ToString("#,0", CultureInfo.InvariantCulture));
        await page.HasFigureAsync("Settled", sold.ToString("#,0", CultureInfo.InvariantCulture));
        var cents = Count("settlement.db", "SELECT sum(CAST(round(100 * CAST(winning_amount AS REAL)) AS INTEGER)) FROM sales");
        await page.HasFigureAsync("Revenue", (cents / 100m).ToString("$#,0.00", CultureInfo.InvariantCulture));
        await page.HasAsync(".levels li:has-text('art') b", Count("settlement.db", "SELECT quantity FROM stock WHERE item = 'art'").ToString(CultureInfo.InvariantCulture));
        await Eventually.TrueAsync("the figures for machines are the same", async () =>
            (await dashboard.GetAsync("metrics")).Contains($"auction_sales_settled_total{{otel_scope_name=\"AuctionTracker.Dashboard\"}} {sold}\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_database_is_said_on_the_page_and_counts_as_none()
    {
        await using var host = await Rabbit.HostAsync();
        Directory.CreateDirectory(_folder["data/auctions.db"]); // not even a file
        Directory.CreateDirectory(_folder["data"]);
        await File.WriteAllTextAsync(_folder["data/settlement.db"], new string('x', 5_000));
        await using var dashboard = await StartAsync(host.Uri);
        await SendAsync(host.Uri, ("sold.art", Sold("a1", "art", "10")));
        await using var page = await OpenAsync(dashboard);

        await page.HasFigureAsync("Sold", "1");
        await page.HasAsync(".status .warn", "data/auctions.db can't be read or written");
        await page.HasAsync(".status", "data/settlement.db can't be read or written");
    }

    [Fact]
    public async Task An_auction_whose_id_is_a_folder_in_an_address_has_no_link()
    {
        await using var host = await Rabbit.HostAsync();
        await using var dashboard = await StartAsync(host.Uri);
        await dashboard.IsLiveAsync();
        await SendBidsAsync(host.Uri, Some.Bid(10, "art", auctionId: "."), Some.Bid(10, "art", auctionId: ".."), Some.Bid(10, "art", auctionId: "..."));
        await using var page = await browser.OpenAsync(dashboard.Address);

        await page.HasFigureAsync("Bids", "3");
        await page.HasAsync(".bids a", "...");
        Assert.Equal(1, await page.Page.Locator(".bids a").CountAsync());
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await dashboard.Http.GetAsync(new Uri(dashboard.Address, "auction/"))).StatusCode);
    }

    [Fact]
    public async Task Hot_auctions_say_when_they_close()
    {
        await using var host = await Rabbit.HostAsync();
        await using var dashboard = await StartAsync(host.Uri);
        await dashboard.IsLiveAsync();
        var now = TimeProvider.System.GetUtcNow();
        await SendBidsAsync(
            host.Uri,
            Some.Bid(10, "art", now, auctionId: "long") with { AuctionCloses = now.AddMinutes(90) },
            Some.Bid(10, "art", now, auctionId: "short") with { AuctionCloses = now.AddSeconds(4) },
            Some.Bid(10, "art", now, auctionId: "endless"));
        await using var page = await browser.OpenAsync(dashboard.Address);

        await page.HasAsync(".hot tr:has-text('long') td:nth-child(5)", "in 1 h");
        await page.HasAsync(".hot tr:has-text('endless') td:nth-child(5)", "–");
        await page.HasAsync(".hot tr:has-text('short') td:nth-child(5)", "over");
        await page.HasFigureAsync("Auctions open", "2");
        await page.Page.ClickAsync(".hot a:has-text('long')");
        await page.HasAsync(".path", "closes at");
    }

    [Fact]
    public async Task A_dashboard_that_follows_a_file_says_that_it_has_no_sales()
    {
        await using var dashboard = await RunningDashboard.StartAsync(_folder, null, "--follow", _folder["live.jsonl"]);

        Assert.Contains("Sales come from RabbitMQ, and this dashboard follows a file.", await dashboard.GetAsync("sales"), StringComparison.Ordinal);
        Assert.Contains("\"sales\":null", await dashboard.GetAsync("api/stats"), StringComparison.Ordinal);
    }

    private static string Sold(string auction, string item, string amount, string winner = "Ada") =>
        $$"""{"auction_id":"{{auction}}","item":"{{item}}","highest_amount":{{amount}},"winning_amount":{{amount}},"bidder_name":"{{winner}}","closed":"{{Closed}}"}""";

    private async Task<RunningDashboard> StartAsync(Uri broker)
    {
        var dashboard = await RunningDashboard.StartAsync(_folder, broker);
        await Eventually.TrueAsync("its queue of sales is bound", async () => (await dashboard.GetAsync("sales")).Contains("Figures ", StringComparison.Ordinal));
        return dashboard;
    }

    private async Task<BrowserPage> OpenAsync(RunningDashboard dashboard, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var opened = await browser.CreateAsync(dashboard.Address, width, scheme);
        await opened.Page.GotoAsync("/sales");
        await opened.HasAsync("footer", Browser.Zone);
        return opened;
    }

    private static async Task SendAsync(Uri broker, params (string Key, string Body)[] messages)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        foreach (var (key, body) in messages)
        {
            await channel.BasicPublishAsync("auction_sales", key, mandatory: true, new BasicProperties(), Encoding.UTF8.GetBytes(body));
        }
    }

    private static async Task SendBidsAsync(Uri broker, params Bid[] bids)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        foreach (var bid in bids)
        {
            await channel.BasicPublishAsync(
                "auction_bids", "bid.any", mandatory: false, new BasicProperties { MessageId = Guid.CreateVersion7().ToString() }, BidJson.Write(bid));
        }
    }

    private long Count(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder[$"data/{file}"]};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText = sql;
        return (long)(select.ExecuteScalar() ?? 0L);
    }
}
