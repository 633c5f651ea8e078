using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

public sealed class AlertsByMail : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse";
    private readonly TempFolder _folder = new();
    private readonly PrivateAuthority _authority;
    private VirtualHost _host = null!;

    public AlertsByMail() => _authority = new PrivateAuthority(_folder);

    public async Task InitializeAsync()
    {
        _host = await Rabbit.HostAsync();
        await PlainClient.SendAsync(_host.Uri, "auction_queue_art", BidJson.Write(Some.Bid(931.43m, "art")));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_high_bid_is_mailed_over_STARTTLS_after_a_login()
    {
        await using var server = await MailServer.StartWithLoginAsync(_authority, "seller@example.com", Password);

        var texts = await ConsumeAsync(server.Port, Password);
        var mail = await server.NextAsync();

        Assert.True(mail.GetProperty("tls").GetBoolean());
        Assert.Equal("seller@example.com", mail.GetProperty("login").GetString());
        Assert.Equal("seller@example.com", mail.GetProperty("sender").GetString());
        Assert.Equal("boss@example.com", Assert.Single(mail.GetProperty("recipients").EnumerateArray()).GetString());
        var data = mail.GetProperty("data").GetString()!.Split("\r\n");
        string[] expected =
        [
            "From: seller@example.com", "To: boss@example.com", "Reply-To: seller@example.com", "Subject: High Bid Alert: Art - $931.43",
            "A high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.",
        ];
        Assert.All(expected, line => Assert.Contains(line, data));
        var rule = new string('=', 40);
        Assert.Equal(
            [
                $"SMTP server reached: localhost:{server.Port}.", "TLS started. Will attempt to login.",
                "Successfully logged in as seller@example.com.", "Message sent.", "Session terminated.", rule,
                "Counts: received 1, handled 1, dead-lettered 0, alerts 1, mails 1",
            ],
            texts.SkipWhile(t => !t.StartsWith("SMTP server", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_wrong_password_is_said_clearly_and_shown_nowhere()
    {
        await using var server = await MailServer.StartWithLoginAsync(_authority, "seller@example.com", Password);

        var texts = await ConsumeAsync(server.Port, "hunter2");

        var reason =
            $"localhost:{server.Port} refused the login of seller@example.com. Check outgoing_email_password (Gmail wants an app password); " +
            "the next try is in a minute at the earliest, for servers lock accounts.";
        Assert.Contains($"Dead-lettered a message from auction_queue_art: {reason}", texts);
        Assert.Equal("Counts: received 1, handled 0, dead-lettered 1, alerts 1, mails 0", texts[^1]);
        Assert.Equal("login refused", (await server.NextAsync()).GetProperty("event").GetString());
        await AssertDeadLetteredAsync(reason);
        var log = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "logs", "consumer_v4.0.log"));
        Assert.DoesNotContain("hunter2", string.Concat(texts) + log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_not_trusted_is_said_with_the_remedy()
    {
        await using var server = await MailServer.StartWithLoginAsync(_authority, "seller@example.com", Password);

        var texts = await ConsumeAsync(server.Port, Password, trusted: false);

        Assert.Contains(texts, t => t.Contains($"The certificate of localhost:{server.Port} is not trusted: ", StringComparison.Ordinal) &&
            t.EndsWith(" Name its authority with the environment variable SSL_CERT_FILE.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_recipient_is_named_and_the_bid_is_kept()
    {
        await using var server = await MailServer.StartAsync("--refuse-recipient");

        var texts = await ConsumeAsync(server.Port, "");

        Assert.Contains(texts, t => t.Contains("refused the recipient boss@example.com (550:", StringComparison.Ordinal) &&
            t.EndsWith("Check receiver_email_address.", StringComparison.Ordinal));
        await AssertDeadLetteredAsync($"localhost:{server.Port} refused the recipient");
    }

    [Fact]
    public async Task A_server_that_is_busy_gets_the_mail_again_until_it_takes_it()
    {
        await using var server = await MailServer.StartAsync("--busy", "2");

        var texts = await ConsumeAsync(server.Port, "");

        Assert.Equal("Counts: received 1, handled 1, dead-lettered 0, alerts 1, mails 1", texts[^1]);
        Assert.Equal(2, texts.Count(t => t.Contains("refused the mail (451:", StringComparison.Ordinal)));
        Assert.Equal(["busy", "busy", "mail"], [await EventAsync(server), await EventAsync(server), await EventAsync(server)]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_tried_as_often_as_set_and_the_bid_is_kept()
    {
        var port = FreePort.Take();

        var texts = await ConsumeAsync(port, "", more: "[consumer]\nattempts = 2");

        Assert.Contains(texts, t => t.StartsWith($"No mail server answers at localhost:{port} (Connection refused). Try 2 of 2 in ", StringComparison.Ordinal));
        await AssertDeadLetteredAsync($"No mail server answers at localhost:{port} (Connection refused).");
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_no_mail_where_STARTTLS_is_required()
    {
        await using var server = await MailServer.StartAsync();

        var texts = await ConsumeAsync(server.Port, Password, more: "tls = \"starttls\"");

        Assert.Contains(texts, t => t.Contains($"localhost:{server.Port} offers no STARTTLS, and the mail must not travel in the clear.", StringComparison.Ordinal));
    }

    private static async Task<string> EventAsync(MailServer server) => (await server.NextAsync()).GetProperty("event").GetString()!;

    private async Task<IReadOnlyList<string>> ConsumeAsync(int port, string password, bool trusted = true, string more = "")
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, ".env.toml"),
            $"""
            outgoing_email_host = "localhost"
            outgoing_email_port = {port}
            outgoing_email_address = "seller@example.com"
            outgoing_email_password = {JsonSerializer.Serialize(password)}
            receiver_email_address = "boss@example.com"
            [mail]
            {more}
            """);
        var environment = new Dictionary<string, string?> { ["SSL_CERT_FILE"] = trusted ? _authority.Certificate : null };
        await using var consumer = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri, environment, "--count", "1");
        Assert.Equal(0, await consumer.EndAsync());
        return consumer.Texts;
    }

    private async Task AssertDeadLetteredAsync(string reason)
    {
        var letter = Assert.Single(await PlainClient.DrainAsync(_host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.StartsWith(reason, System.Text.Encoding.UTF8.GetString((byte[])letter.BasicProperties.Headers![DeadLetters.ReasonHeader]!), StringComparison.Ordinal);
    }
}
