using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using MimeKit;
using RabbitMQ.Client;
using Xunit;

namespace AuctionTracker.Integration.Tests.Sales;

/// <summary>Auctioneer with the alert rules for auctions, a real broker and a real mail server.</summary>
public sealed class AuctionAlertTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] ByBids = ["--clock", "bids", "--late", "0s", "--close-rest"];
    private static readonly DateTimeOffset Closes = new(2024, 1, 8, 0, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private VirtualHost _host = null!;

    public async Task InitializeAsync() => _host = await Rabbit.HostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_closed_auction_has_one_mail_and_the_counts_add_up()
    {
        await using var server = await MailServer.StartAsync();
        await WriteSettingsAsync(server.Port);
        await using var auctioneer = await StartAsync([.. ByBids, "--idle-exit", "4"]);

        await PublishAsync([.. Enumerable.Range(1, 12).Select(i => Bid($"s{i}", 100 + i)), .. Enumerable.Range(1, 8).Select(i => Bid($"u{i}", 10 + i, opening: 50))]);

        Assert.Equal(0, await auctioneer.EndAsync());
        Assert.EndsWith("sold 12, unsold 8, announced 20, waiting before 0, alerts 20, mailed 20, refused 0, waiting 0, mails 20", auctioneer.Texts[^1], StringComparison.Ordinal);
        server.Kill();
        var mails = await MailsAsync(server);
        Assert.Equal(
            Enumerable.Range(1, 12).Select(i => $"Auction Closed Alert: Art - ${100 + i}.00").Concat(Enumerable.Range(1, 8).Select(i => $"Auction Unsold Alert: Art - ${10 + i}.00")).Order(StringComparer.Ordinal),
            mails.Select(mail => mail.Subject).Order(StringComparer.Ordinal));
        var sold = mails.Single(mail => mail.Subject.EndsWith("$101.00", StringComparison.Ordinal));
        Assert.Equal("Auction s1 of art closed at 2024-01-08T00:00:00.000000+00:00: sold to ada for $101.00, after 1 bid of 1 bidder.", sold.Text);
        Assert.True(sold.HasPicture);
        Assert.Contains("Auction closed alert: 101.00 at 2024-01-08T00:00:00.000000+00:00, auction s1 of art. Sending email alert.", auctioneer.Texts);
    }

    [Theory]
    [InlineData("data/auctions.db")]
    [InlineData("postgres")]
    public async Task While_auctioneer_and_the_mail_server_are_killed_no_alert_is_lost_or_comes_with_another_Message_ID(string database)
    {
        var (port, mails) = (FreePort.Take(), new List<Mail>());
        await WriteSettingsAsync(port);
        string[] flags = ["--late", "0s", "--database", database == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : database];
        var server = await MailServer.StartAtAsync(port);
        var auctioneer = await StartAsync(flags);
        await using var sales = await SalesQueue.OpenAsync(_host.Uri);
        await using var producer = ProgramUnderTest.Start(
            "Producer.V3", _folder, _host.Uri, "--interval", "0.004", "--auctions", "10", "--auction-time", "0.5", "--quiet", "--monitor", "n");
        string[] moments = [" closed: ", " alert: ", "Message sent.", "Prepared Email Message", " closed: ", " alert: "];
        foreach (var (i, moment) in moments.Index())
        {
            await auctioneer.LineAsync("Message sent.");
            await auctioneer.LineAsync(moment);
            auctioneer.Kill();
            await auctioneer.DisposeAsync();
            if (i % 3 == 1)
            {
                server.Kill();
                mails.AddRange(await MailsAsync(server));
                await server.DisposeAsync();
                server = await MailServer.StartAtAsync(port);
            }

            auctioneer = await StartAsync(flags);
        }

        await using (auctioneer)
        {
            producer.Interrupt();
            Assert.Equal(0, await producer.EndAsync());
            await Eventually.TrueAsync("all bids are read", async () => await PlainClient.CountAsync(_host.Uri, "auction_auctioneer") == 0);
            auctioneer.Interrupt();
            Assert.Equal(0, await auctioneer.EndAsync());
        }

        var (code, texts) = await ProgramUnderTest.RunAsync("Auctioneer", _folder, _host.Uri, [.. flags, "--idle-exit", "1", "--close-rest"]);
        Assert.Equal(0, code);
        Assert.Contains(" refused 0, waiting 0, ", texts[^1], StringComparison.Ordinal);
        server.Kill();
        mails.AddRange(await MailsAsync(server));
        await server.DisposeAsync();

        var closed = (await sales.MessagesAsync()).Select(m => m.GetProperty("auction_id").GetString()!).Order(StringComparer.Ordinal).ToList();
        var byAuction = mails.GroupBy(mail => mail.Text.Split(' ')[1]).ToList();
        Assert.Equal(closed, byAuction.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.All(byAuction, group => Assert.Single(group.Select(mail => mail.Id).Distinct()));
        Assert.InRange(mails.Count - closed.Count, 0, moments.Length); // a mail that the server took when Auctioneer died
        Assert.InRange(closed.Count, 50, 1_000);
    }

    [Fact]
    public async Task Consumer_v4_and_auctioneer_share_the_alerts_of_one_file()
    {
        await using var server = await MailServer.StartAsync();
        await WriteSettingsAsync(server.Port, "threshold = 800");
        await using var auctioneer = await StartAsync("--clock", "bids", "--late", "0s");
        await using var consumer = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri);
        await consumer.LineAsync("Another program sends the alerts of data/alerts.db; this one stands by.");

        for (var i = 1; i <= 20; i++)
        {
            await PublishAsync(Bid($"{i}", 900 + i, closes: Closes.AddHours(i)));
        }

        await Eventually.TrueAsync("19 auctions and 20 bids have alerted", async () => await CountAsync("SELECT count(*) FROM alerts") == 39);
        auctioneer.Kill();
        await auctioneer.DisposeAsync();
        await Eventually.TrueAsync("the consumer has sent what was left", async () => await CountAsync("SELECT count(*) FROM mails WHERE sent IS NOT NULL") == 39);
        consumer.Interrupt();
        Assert.Equal(0, await consumer.EndAsync());
        server.Kill();
        var mails = await MailsAsync(server);
        Assert.Equal(39, mails.Select(mail => mail.Id).Distinct().Count());
        Assert.InRange(mails.Count, 39, 40); // one that the server took when Auctioneer died
        Assert.Equal(19, mails.Where(mail => mail.Subject.StartsWith("Auction Closed Alert: Art - $", StringComparison.Ordinal)).Select(mail => mail.Subject).Distinct().Count());

    }

    [Fact]
    public async Task Without_a_rule_no_file_is_made_and_auctions_that_closed_then_never_alert()
    {
        await using (var auctioneer = await StartAsync([.. ByBids, "--idle-exit", "4"]))
        {
            await PublishAsync(Bid("before", 10));
            Assert.Equal(0, await auctioneer.EndAsync());
            Assert.EndsWith("sold 1, unsold 0, announced 1", auctioneer.Texts[^1], StringComparison.Ordinal);
        }

        Assert.Equal(["auctions.db"], Directory.GetFiles(_folder["data"]).Select(Path.GetFileName));
        Assert.False(Directory.Exists(_folder["outbox"]));

        await File.WriteAllTextAsync(_folder[".env.toml"], "[alerts]\nauction_unsold = true\n");
        await using var next = await StartAsync([.. ByBids, "--idle-exit", "4"]);
        await PublishAsync(Bid("sold", 20), Bid("unsold", 30, opening: 40));

        Assert.Equal(0, await next.EndAsync());
        Assert.EndsWith("sold 1, unsold 1, announced 2, waiting before 0, alerts 1, mailed 1, refused 0, waiting 0, mails 1", next.Texts[^1], StringComparison.Ordinal);
        using var mail = await MimeMessage.LoadAsync(Assert.Single(Directory.GetFiles(_folder["outbox"], "*.eml")));
        Assert.Equal("Auction Unsold Alert: Art - $30.00", mail.Subject);
    }

    [Fact]
    public async Task Grouped_by_item_one_mail_lists_the_auctions()
    {
        await using var server = await MailServer.StartAsync();
        await WriteSettingsAsync(server.Port, "group_by = \"item\"", "group_wait = 1");
        await using var auctioneer = await StartAsync("--clock", "bids", "--late", "0s", "--idle-exit", "4");

        await PublishAsync([.. Enumerable.Range(1, 5).Select(i => Bid($"{i}", i)), Bid("6", 6, opening: 7), Bid("open", 8, closes: Closes.AddDays(1), made: Closes)]);

        Assert.Equal(0, await auctioneer.EndAsync());
        Assert.EndsWith("alerts 6, mailed 6, refused 0, waiting 0, mails 1", auctioneer.Texts[^1], StringComparison.Ordinal);
        server.Kill();
        var mail = Assert.Single(await MailsAsync(server));
        Assert.Equal("Auction Alerts: Art - 6 alerts, bids up to $6.00", mail.Subject);
        Assert.Equal(5, mail.Text.Split('\n').Count(line => line.Contains(": sold to ada for $", StringComparison.Ordinal)));
        Assert.Contains("Auction 6 of art closed unsold at ", mail.Text, StringComparison.Ordinal);
        var (_, listed) = await ProgramUnderTest.RunAsync("Consumer.V4", _folder, _host.Uri, "--alerts");
        Assert.Contains(listed, text => text.StartsWith($"{mail.Subject} at 2024-01-08T00:00:00.000000+00:00; tries: 1; sent at ", StringComparison.Ordinal));
        var shown = Assert.Single(await AlertLog.ReadAsync(_folder["data/alerts.db"], 50, default)); // as on the dashboard
        Assert.Equal((mail.Subject, Closes, true), (shown.Subject, shown.Time, shown.IsSent));
    }

    [Fact]
    public async Task While_the_file_of_alerts_cannot_be_written_sales_are_announced_and_the_alerts_wait()
    {
        await using var server = await MailServer.StartAsync();
        await WriteSettingsAsync(server.Port);
        await using var auctioneer = await StartAsync("--clock", "bids", "--late", "0s");
        await using var sales = await SalesQueue.OpenAsync(_host.Uri);
        var away = _folder["data/away.db"];
        File.Move(_folder["data/alerts.db"], away);

        await PublishAsync(Bid("a", 10), Bid("b", 20, closes: Closes.AddDays(1), made: Closes));
        Assert.StartsWith(
            "data/alerts.db was deleted. Restore it, or restart the program to create a new one. Alerts about closed auctions wait. Next try in ",
            await auctioneer.LineAsync("Alerts about closed auctions wait."), StringComparison.Ordinal);
        await Eventually.TrueAsync("the sale is announced", async () => (await sales.MessagesAsync()).Count == 1);
        await PublishAsync(Bid("c", 30, closes: Closes.AddDays(2), made: Closes.AddDays(1)));
        await Eventually.TrueAsync("the next one, too", async () => (await sales.MessagesAsync()).Count == 2);

        File.Move(away, _folder["data/alerts.db"]);
        await auctioneer.LineAsync("auction a of art. Sending email alert.");
        await auctioneer.LineAsync("Session terminated.");
        auctioneer.Interrupt();
        Assert.Equal(0, await auctioneer.EndAsync());
        Assert.EndsWith("announced 2, waiting before 0, alerts 2, mailed 2, refused 0, waiting 0, mails 2", auctioneer.Texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_auctioneer_leaves_the_alerts_that_it_could_not_store_to_the_next_one()
    {
        await using var server = await MailServer.StartAsync();
        await WriteSettingsAsync(server.Port);
        await using (var killed = await StartAsync("--clock", "bids", "--late", "0s"))
        {
            await using var writer = new SqliteConnection($"Data Source={_folder["data/alerts.db"]};Pooling=false");
            await writer.OpenAsync();
            await using var transaction = writer.BeginTransaction(deferred: false); // a writer that does not end
            await PublishAsync(Bid("a", 10), Bid("b", 20, opening: 21), Bid("c", 30, closes: Closes.AddDays(1), made: Closes));
            Assert.Contains("database is locked", await killed.LineAsync("Alerts about closed auctions wait."), StringComparison.Ordinal);
            killed.Kill();
            await killed.EndAsync();
        }

        await using var next = await StartAsync("--clock", "bids", "--idle-exit", "2");

        Assert.Equal(0, await next.EndAsync());
        Assert.EndsWith("sold 0, unsold 0, announced 0, waiting before 0, alerts 2, mailed 2, refused 0, waiting 0, mails 2", next.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(["mail", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    private static Bid Bid(string auction, decimal amount, decimal? opening = null, DateTimeOffset? closes = null, DateTimeOffset? made = null) =>
        new("ada", amount, made ?? (closes ?? Closes).AddHours(-1), "art", "ada", "ada@example.com", auction) { AuctionCloses = closes ?? Closes, AuctionOpening = opening };

    /// <summary>The mails that a server took before it was killed.</summary>
    private static async Task<List<Mail>> MailsAsync(MailServer server)
    {
        var mails = new List<Mail>();
        await foreach (var mail in server.ReadAllAsync())
        {
            using var data = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.GetProperty("data").GetString()!));
            using var message = await MimeMessage.LoadAsync(data);
            mails.Add(new Mail(message.Subject!, message.MessageId!, message.TextBody!.TrimEnd(), message.BodyParts.Any(part => part.ContentType.MimeType == "image/png")));
        }

        return mails;
    }

    private Task WriteSettingsAsync(int port, params string[] alerts) => File.WriteAllTextAsync(
        _folder[".env.toml"],
        $"""
        outgoing_email_host = "localhost"
        outgoing_email_port = {port}
        outgoing_email_address = "seller@example.com"
        receiver_email_address = "boss@example.com"
        [alerts]
        auction_closed = true
        auction_unsold = true
        {string.Join('\n', alerts)}
        """);

    private async Task<ProgramUnderTest> StartAsync(params IEnumerable<string> flags)
    {
        var auctioneer = ProgramUnderTest.Start("Auctioneer", _folder, _host.Uri, flags);
        await auctioneer.LineAsync("Starting auctioneer. Waiting for bids...");
        await Eventually.TrueAsync("its queue is declared", () => PlainClient.ExistsAsync(_host.Uri, "auction_auctioneer"));
        return auctioneer;
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder["data/alerts.db"]};Pooling=false");
        await connection.OpenAsync();
        await using var count = connection.CreateCommand();
        count.CommandText = sql;
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private async Task PublishAsync(params Bid[] bids)
    {
        await using var connection = await Rabbit.ConnectAsync(_host.Uri);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        foreach (var bid in bids)
        {
            await channel.BasicPublishAsync("auction_bids", "bid.art", BidJson.Write(bid));
        }
    }

    private sealed record Mail(string Subject, string Id, string Text, bool HasPicture);
}
