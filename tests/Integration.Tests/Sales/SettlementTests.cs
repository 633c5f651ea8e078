using System.Text.Json;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using MimeKit;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Integration.Tests.Sales;

public sealed class SettlementTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data/settlement.db")]
    [InlineData("postgres")]
    public async Task Each_sale_is_taken_from_stock_mailed_and_announced_once_however_often_it_comes(string database)
    {
        await using var host = await Rabbit.HostAsync();
        var address = database == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : database;
        await using var settlement = await StartAsync(host, "--database", address, "--idle-exit", "2");
        await using var announced = await SalesQueue.OpenAsync(host.Uri, "settled.#");

        await PublishAsync(host, [.. Enumerable.Range(0, 60).Select(i => Sold($"auction {i % 40}", i % 2 == 0 ? "Art" : "Old toys", 100 + i))]);

        Assert.Equal(0, await settlement.EndAsync());
        Assert.Contains("received 60, new 40, repeated 20, dead-lettered 0, settled 40,", settlement.Texts[^1], StringComparison.Ordinal);
        Assert.EndsWith("mailed 40, refused 0, mails waiting 0", settlement.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(40, (await announced.MessagesAsync()).Select(m => m.GetProperty("auction_id").GetString()).Distinct().Count());
        Assert.Equal(40, announced.Deliveries);
        Assert.Equal(40, Directory.GetFiles(_folder["outbox/winners"], "*.eml").Length);
    }

    [Fact]
    public async Task The_mail_to_a_winner_says_what_when_and_how_much_with_a_picture()
    {
        await using var host = await Rabbit.HostAsync();
        await using var settlement = await StartAsync(host, "--idle-exit", "2");

        await PublishAsync(host, Sold("1638893549", "Cartier <wristwatch>", 510, name: "Zoë\r\nBcc: all@example.com <script>"));

        Assert.Equal(0, await settlement.EndAsync());
        using var mail = await MimeMessage.LoadAsync(Assert.Single(Directory.GetFiles(_folder["outbox/winners"], "*.eml")));
        Assert.Equal("You won: Cartier <wristwatch> - $510.00", mail.Subject);
        Assert.Equal("ada@example.com", Assert.Single(mail.To.Mailboxes).Address);
        Assert.Empty(mail.Bcc);
        Assert.Contains("Price:    $510.00", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Closed:   2024-01-08 00:00:00 UTC", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Bids:     2 bids of 1 bidder", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("How the price rose from $1.00 to $510.00", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains(mail.BodyParts, part => part.ContentType.MimeType == "image/png");
    }

    [Fact]
    public async Task Winners_get_mails_only_if_the_settings_say_so()
    {
        await using var host = await Rabbit.HostAsync();
        await using var server = await MailServer.StartAsync();
        await File.WriteAllTextAsync(
            _folder[".env.toml"],
            $"outgoing_email_host = \"localhost\"\noutgoing_email_port = {server.Port}\noutgoing_email_address = \"seller@example.com\"\n" +
            "receiver_email_address = \"boss@example.com\"\n[settlement]\nmail_winners = true\n");
        await using var settlement = await StartAsync(host, "--idle-exit", "3");

        await PublishAsync(host, Sold("1", "art", 5), Sold("2", "art", 6, email: "no address"));

        var mail = await server.NextAsync();
        Assert.Equal("ada@example.com", Assert.Single(mail.GetProperty("recipients").EnumerateArray()).GetString());
        Assert.Equal(0, await settlement.EndAsync());
        Assert.EndsWith("mailed 1, refused 1, mails waiting 0", settlement.Texts[^1], StringComparison.Ordinal);
        Assert.Contains("The address of the winner can't be written to. The mail for auction 2 is kept as refused.", settlement.Texts);
        Assert.False(Directory.Exists(_folder["outbox/winners"]));
    }

    [Fact]
    public async Task A_sale_without_stock_waits_and_is_settled_after_a_refill_by_hand()
    {
        await using var host = await Rabbit.HostAsync();
        var environment = new Dictionary<string, string?> { ["AUCTION_STOCK_ITEMS"] = "art=1" };
        await using var settlement = await StartAsync(host, environment, "--no-refill", "--idle-exit", "6");

        await PublishAsync(host, Sold("1", "art", 5), Sold("2", "art", 6), Sold("3", "toys", 7));
        Assert.Equal("No art in stock: 1 sales wait. Refill it with --stock art=20, or run without --no-refill.", await settlement.LineAsync("No art in stock"));
        await using var byHand = ProgramUnderTest.Start("Settlement", _folder, host.Uri, environment, "--stock", "art=4");

        Assert.Equal(0, await byHand.EndAsync());
        Assert.Equal("Stock of art: 4 (before: 0).", byHand.Texts[^1]);
        await settlement.LineAsync("Settled auction 2");
        Assert.Equal(0, await settlement.EndAsync());
        Assert.Contains("new 3, repeated 0, dead-lettered 0, settled 3, waiting 0,", settlement.Texts[^1], StringComparison.Ordinal);
        Assert.Single(settlement.Texts, text => text.StartsWith("No art in stock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_sale_is_dead_lettered()
    {
        await using var host = await Rabbit.HostAsync();
        await using var settlement = await StartAsync(host, "--idle-exit", "2");

        await PlainClient.PublishAsync(host.Uri, "auction_settlement", "{\"garbage\":true}"u8.ToArray());
        await PublishAsync(host, Sold("1", "art", 5));

        Assert.Equal(0, await settlement.EndAsync());
        Assert.Contains("received 2, new 1, repeated 0, dead-lettered 1, settled 1,", settlement.Texts[^1], StringComparison.Ordinal);
        Assert.Contains("Dead-lettered a message from auction_settlement: a field of the sale is missing, or of another type", settlement.Texts);
        Assert.Equal(1u, await PlainClient.CountAsync(host.Uri, "auction_dead_letters"));
    }

    [Fact]
    public async Task A_killed_settlement_settles_each_sale_once()
    {
        await using var host = await Rabbit.HostAsync();
        string[] flags = ["--work", "0.01..0.05", "--quiet"];
        var settlement = await StartAsync(host, flags);
        await using var announced = await SalesQueue.OpenAsync(host.Uri, "settled.#");
        await PublishAsync(host, [.. Enumerable.Range(0, 300).Select(i => Sold($"{i}", $"item {i % 7}", i + 1))]);
        for (var kill = 0; kill < 5; kill++)
        {
            var before = (await announced.MessagesAsync()).Count;
            await Eventually.TrueAsync("some sales are settled", async () => (await announced.MessagesAsync()).Count >= before + 20);
            settlement.Kill();
            await settlement.DisposeAsync();
            settlement = await StartAsync(host, flags);
        }

        await using var last = settlement;
        await Eventually.TrueAsync("all are announced", async () => (await announced.MessagesAsync()).Count == 300);
        last.Interrupt();
        Assert.Equal(0, await last.EndAsync());
        Assert.Equal((300L, 300L, -300L), (await CountAsync("SELECT count(*) FROM sales WHERE settled IS NOT NULL"), await CountAsync("SELECT count(*) FROM winner_mails WHERE sent IS NOT NULL"), await CountAsync("SELECT sum(change) FROM stock_changes WHERE cause = 'sold'")));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM stock WHERE quantity <> (SELECT sum(change) FROM stock_changes WHERE stock_changes.item = stock.item)"));
        Assert.Equal(300, Directory.GetFiles(_folder["outbox/winners"], "*.eml").Length);
    }

    private static byte[] Sold(string auction, string item, decimal amount, string name = "Ada", string email = "ada@example.com") => JsonSerializer.SerializeToUtf8Bytes(new
    {
        auction_id = auction,
        item,
        bids = 2,
        bidders = 1,
        opening_amount = (decimal?)null,
        highest_amount = amount,
        winning_amount = amount,
        winner = "w",
        bidder_name = name,
        bidder_email = email,
        closes = "2024-01-08T00:00:00+00:00",
        closed = "2024-01-08T00:00:02+00:00",
        prices = new[] { new { time = "2024-01-07T00:00:00+00:00", amount = 1m }, new { time = "2024-01-07T23:00:00+00:00", amount } },
    });

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder["data/settlement.db"]};Pooling=false");
        await connection.OpenAsync();
        await using var count = connection.CreateCommand();
        count.CommandText = sql;
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private Task<ProgramUnderTest> StartAsync(VirtualHost host, params IEnumerable<string> flags) => StartAsync(host, new Dictionary<string, string?>(), flags);

    private async Task<ProgramUnderTest> StartAsync(VirtualHost host, IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> flags)
    {
        var settlement = ProgramUnderTest.Start("Settlement", _folder, host.Uri, environment, flags);
        await settlement.LineAsync("Starting settlement. Waiting for sales...");
        await Eventually.TrueAsync("its queue is declared", () => PlainClient.ExistsAsync(host.Uri, "auction_settlement"));
        return settlement;
    }

    private static async Task PublishAsync(VirtualHost host, params byte[][] bodies)
    {
        await using var connection = await Rabbit.ConnectAsync(host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await Task.WhenAll(bodies.Select(body => channel.BasicPublishAsync("auction_sales", "sold.item", body).AsTask()));
    }
}
