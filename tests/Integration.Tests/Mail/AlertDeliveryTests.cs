using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

public sealed class AlertDeliveryTests : IAsyncLifetime
{
    private const string Password = "correct horse";
    private MailingConsumer _v4 = null!;

    public async Task InitializeAsync() => _v4 = await MailingConsumer.WithABidAsync();

    public async Task DisposeAsync() => await _v4.DisposeAsync();

    [Fact]
    public async Task A_high_bid_is_mailed_over_STARTTLS_after_a_login()
    {
        await using var server = await MailServer.StartWithLoginAsync(_v4.Authority, "seller@example.com", Password);

        var texts = await _v4.ConsumeAsync(server.Port, Password);
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
                "Counts: received 1, handled 1, dead-lettered 0, unacked 0, waiting before 0, alerts 1, mailed 1, refused 0, waiting 0, mails 1",
            ],
            texts.SkipWhile(t => !t.StartsWith("SMTP server", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_wrong_password_is_reported_but_never_shown_and_the_alert_is_sent_with_the_right_one()
    {
        await using var server = await MailServer.StartWithLoginAsync(_v4.Authority, "seller@example.com", Password);

        var texts = await _v4.ConsumeAsync(server.Port, "hunter2");

        Assert.Contains(texts, t => t.StartsWith(
            $"localhost:{server.Port} refused the login of seller@example.com. Check outgoing_email_password (Gmail wants an app password). Next try in ", StringComparison.Ordinal));
        Assert.Equal(
            ["Alerts that wait in data/alerts.db: 1. They go out in the next run.", "Counts: received 1, handled 1, dead-lettered 0, unacked 0, waiting before 0, alerts 1, mailed 0, refused 0, waiting 1, mails 0"],
            texts.TakeLast(2));
        Assert.Equal("login refused", await server.EventAsync());
        var log = await File.ReadAllTextAsync(_v4.Folder["logs/consumer_v4.0.log"]);
        Assert.DoesNotContain("hunter2", string.Concat(texts) + log, StringComparison.Ordinal);

        await _v4.BidAsync(1m);
        var resumed = await _v4.ConsumeAsync(server.Port, Password);
        Assert.Equal("mail", await server.EventAsync());
        Assert.Equal("Counts: received 1, handled 1, dead-lettered 0, unacked 0, waiting before 1, alerts 0, mailed 1, refused 0, waiting 0, mails 1", resumed[^1]);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_reported_with_the_remedy()
    {
        await using var server = await MailServer.StartWithLoginAsync(_v4.Authority, "seller@example.com", Password);

        var texts = await _v4.ConsumeAsync(server.Port, Password, trusted: false);

        Assert.Contains(texts, t => t.Contains($"The certificate of localhost:{server.Port} is not trusted: ", StringComparison.Ordinal) &&
            t.Contains(" Set the environment variable SSL_CERT_FILE to the certificate of its authority. Next try in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_recipient_is_named_and_the_alert_is_kept_as_refused()
    {
        await using var server = await MailServer.StartAsync("--refuse-recipient");

        var texts = await _v4.ConsumeAsync(server.Port, "");

        Assert.Contains(texts, t => t.Contains("refused the recipient boss@example.com (550:", StringComparison.Ordinal) &&
            t.EndsWith("Check receiver_email_address. The mail is kept as refused.", StringComparison.Ordinal));
        Assert.Equal("Counts: received 1, handled 1, dead-lettered 0, unacked 0, waiting before 0, alerts 1, mailed 0, refused 1, waiting 0, mails 0", texts[^1]);
    }

    [Fact]
    public async Task A_busy_server_gets_the_mail_again_until_it_accepts_it()
    {
        await using var server = await MailServer.StartAsync("--busy", "2");
        await using var consumer = await _v4.StartAsync(server.Port, "");

        await consumer.LineAsync("Message sent.");
        consumer.Interrupt();

        Assert.Equal(0, await consumer.EndAsync());
        Assert.Equal("Counts: received 1, handled 1, dead-lettered 0, unacked 0, waiting before 0, alerts 1, mailed 1, refused 0, waiting 0, mails 1", consumer.Texts[^1]);
        Assert.Equal(2, consumer.Texts.Count(t => t.Contains("refused the mail (451:", StringComparison.Ordinal)));
        Assert.Equal(["busy", "busy", "mail"], [await server.EventAsync(), await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task Without_a_server_bids_are_read_on_and_their_alerts_are_sent_in_one_session_later()
    {
        var port = FreePort.Take();
        await using var consumer = await _v4.StartAsync(port, "");
        await consumer.LineAsync($"No mail server answers at localhost:{port} (Connection refused). Next try in ");
        await _v4.BidAsync(950m);
        await consumer.LineAsync("High bid alert: 950.00 at ");

        await using var server = await MailServer.StartAtAsync(port);
        await consumer.LineAsync("Session terminated.");
        consumer.Interrupt();

        Assert.Equal(0, await consumer.EndAsync());
        Assert.Equal(["mail", "mail"], [await server.EventAsync(), await server.EventAsync()]);
        Assert.Single(consumer.Texts, t => t.StartsWith("SMTP server reached: ", StringComparison.Ordinal));
        Assert.Equal("Counts: received 2, handled 2, dead-lettered 0, unacked 0, waiting before 0, alerts 2, mailed 2, refused 0, waiting 0, mails 2", consumer.Texts[^1]);
    }

    [Fact]
    public async Task A_bid_that_is_delivered_twice_is_mailed_once()
    {
        await using var server = await MailServer.StartAsync();
        await _v4.BidAsync(931.43m);

        await using var consumer = await _v4.StartAsync(server.Port, "", "--count", "2");

        Assert.Equal(0, await consumer.EndAsync());
        Assert.Equal("Counts: received 2, handled 2, dead-lettered 0, unacked 0, waiting before 0, alerts 1, mailed 1, refused 0, waiting 0, mails 1", consumer.Texts[^1]);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_no_mail_if_STARTTLS_is_required()
    {
        await using var server = await MailServer.StartAsync();

        var texts = await _v4.ConsumeAsync(server.Port, Password, more: "tls = \"starttls\"");

        Assert.Contains(texts, t => t.Contains($"localhost:{server.Port} does not offer STARTTLS, and mail is not sent unencrypted.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_consumers_with_one_outbox_one_sends_and_the_other_takes_over_when_it_dies()
    {
        await using var server = await MailServer.StartAsync();
        await using var first = await _v4.StartAsync(server.Port, "", "--items", "art");
        await first.LineAsync("Message sent.");
        await using var second = await _v4.StartAsync(server.Port, "", "--items", "furniture");
        await second.LineAsync("Another program sends the alerts of data/alerts.db; this one stands by.");

        await _v4.BidAsync(940m, "furniture");
        await second.LineAsync("High bid alert: 940.00 at ");
        await first.LineAsync("Subject: High Bid Alert: Furniture - $940.00");
        await first.LineAsync("Message sent.");
        first.Kill();
        await first.EndAsync();
        await _v4.BidAsync(950m, "furniture");
        await second.LineAsync("Message sent.");

        Assert.Equal(["mail", "mail", "mail"], [await server.EventAsync(), await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task A_refused_alert_is_listed_with_the_reason_and_can_be_resent()
    {
        await using (var strict = await MailServer.StartAsync("--refuse-recipient"))
        {
            await _v4.ConsumeAsync(strict.Port, "");
        }

        await using var server = await MailServer.StartAsync();
        var listed = await _v4.RunAsync(server.Port, "--alerts");
        var resent = await _v4.RunAsync(server.Port, "--resend");
        var after = await _v4.RunAsync(server.Port, "--alerts");

        Assert.Contains(listed, t => t.StartsWith("High Bid Alert: Art - $931.43 at 2024-06-12T03:56:06.410536+00:00; tries: 1; refused: localhost:", StringComparison.Ordinal));
        Assert.Contains("Refused mails that are tried again: 1.", resent);
        Assert.Contains("Message sent.", resent);
        Assert.Contains(after, t => t.StartsWith("High Bid Alert: Art - $931.43 at 2024-06-12T03:56:06.410536+00:00; tries: 2; sent at ", StringComparison.Ordinal));
        Assert.Contains("Alerts that wait in data/alerts.db: 0.", after);
        Assert.Equal("mail", await server.EventAsync());
    }

    [Fact]
    public async Task An_alert_that_waits_for_its_group_is_listed()
    {
        await _v4.ConsumeAsync(FreePort.Take(), "", more: "[alerts]\ngroup_by = \"item\"\ngroup_wait = 3600");

        var listed = await _v4.RunAsync(FreePort.Take(), "--alerts");

        Assert.Contains(listed, t => t.StartsWith("item art: alerts that are in no mail yet: 1; the first at ", StringComparison.Ordinal));
        Assert.Contains("Alerts that wait in data/alerts.db: 1.", listed);
    }

    [Fact]
    public async Task A_mail_test_sends_one_mail_and_reads_no_bid()
    {
        await using var server = await MailServer.StartWithLoginAsync(_v4.Authority, "seller@example.com", Password);

        var texts = await _v4.RunAsync(server.Port, "--mail-test", Password);

        Assert.Equal(
            [
                "Mail test, name: well.", "Mail test, connect: well.", "Mail test, session: well.",
                $"SMTP server reached: localhost:{server.Port}.", "TLS started. Will attempt to login.",
                "Successfully logged in as seller@example.com.", "Message sent.",
            ],
            texts.Skip(2).Take(7));
        Assert.Contains("Subject: High Bid Alert: Mail test - $800.01", (await server.NextAsync()).GetProperty("data").GetString(), StringComparison.Ordinal);
        Assert.Equal(1u, await PlainClient.CountAsync(_v4.Broker, "auction_queue_art"));
    }

    [Theory]
    [InlineData("name", "The mail server's name nowhere.invalid is not known here. Check outgoing_email_host.")]
    [InlineData("connect", "Check outgoing_email_port (587 for STARTTLS), and whether a firewall blocks it.")]
    [InlineData("TLS", "Set the environment variable SSL_CERT_FILE to the certificate of its authority.")]
    [InlineData("login", "Check outgoing_email_password (Gmail wants an app password).")]
    [InlineData("sender", "Check outgoing_email_address: it must be an address that the login may send from.")]
    [InlineData("recipient", "Check receiver_email_address.")]
    public async Task A_mail_test_names_the_step_that_fails(string step, string remedy)
    {
        await using var server = step switch
        {
            "sender" => await MailServer.StartAsync("--at", "sender", "--fault", "550 5.7.1 not your address"),
            "recipient" => await MailServer.StartAsync("--refuse-recipient"),
            _ => await MailServer.StartWithLoginAsync(_v4.Authority, "seller@example.com", Password),
        };
        var password = step switch { "login" => "hunter2", "sender" or "recipient" => "", _ => Password };
        await using var test = await _v4.StartAsync(
            step == "connect" ? FreePort.Take() : server.Port, password, trusted: step != "TLS", more: "", step == "name" ? "nowhere.invalid" : "localhost", "--mail-test");

        Assert.Equal(1, await test.EndAsync());
        Assert.Contains(test.Texts, t => t.StartsWith($"Mail test, {step}: ", StringComparison.Ordinal) && t.EndsWith(remedy, StringComparison.Ordinal));
    }
}
