using System.Globalization;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>
/// A real mail server with fault injection: the log message, the retry, and that the alert arrives, once wherever SMTP makes that
/// possible.
/// </summary>
public sealed class MailServerFailureTests : IAsyncLifetime
{
    private MailingConsumer _v4 = null!;

    public async Task InitializeAsync() => _v4 = await MailingConsumer.WithABidAsync();

    public async Task DisposeAsync() => await _v4.DisposeAsync();

    [Theory]
    [InlineData("greeting", "421 4.3.2 too many connections", "{0} is not available now (421: ")]
    [InlineData("greeting", "450 4.3.2 too fast", "{0} is not available now (450: ")]
    [InlineData("greeting", "cut", "The mail session with {0} failed: ")]
    [InlineData("sender", "421 4.3.2 going down", "{0} is not available now (421: ")]
    [InlineData("sender", "451 4.7.1 try later", "{0} refused the mail (451: ")]
    [InlineData("sender", "cut", "The mail session with {0} failed: ")]
    [InlineData("recipient", "421 4.3.2 going down", "{0} is not available now (421: ")]
    [InlineData("recipient", "cut", "The mail session with {0} failed: ")]
    [InlineData("data", "cut", "The mail session with {0} failed: ")]
    public async Task A_transient_failure_is_reported_and_the_alert_is_sent_soon_and_once(string step, string fault, string sentence)
    {
        await using var server = await MailServer.StartAsync("--at", step, "--fault", fault);

        var texts = await MailAsync(server);

        AssertLogged(texts, string.Format(CultureInfo.InvariantCulture, sentence, Address(server)), " Next try in ");
        Assert.EndsWith("alerts 1, mailed 1, refused 0, waiting 0, mails 1", texts[^1], StringComparison.Ordinal);
        Assert.Equal(["fault", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    [Theory]
    [InlineData("greeting", "554 5.7.1 blocked", "{0} does not accept mail from this machine (554: ", "Check outgoing_email_host, or ask the server's administrator.")]
    [InlineData("greeting", "HTTP/1.1 400 Bad Request", "The server at {0} does not speak SMTP.", "Check outgoing_email_host and outgoing_email_port.")]
    [InlineData("greeting", "SSH-2.0-OpenSSH_9.2", "The server at {0} does not speak SMTP.", "Check outgoing_email_host and outgoing_email_port.")]
    [InlineData("sender", "550 5.1.0 unknown", "{0} refused the sender seller@example.com (550: ", "Check outgoing_email_address: it must be an address that the login may send from.")]
    [InlineData("sender", "553 5.7.1 not yours", "{0} refused the sender seller@example.com (553: ", "Check outgoing_email_address: it must be an address that the login may send from.")]
    [InlineData("recipient", "554 5.7.1 Sender address rejected", "{0} refused the sender seller@example.com (554: ", "Check outgoing_email_address: it must be an address that the login may send from.")]
    public async Task A_failure_that_needs_a_person_is_an_error_with_the_remedy_and_refuses_no_alert(
        string step, string fault, string sentence, string remedy)
    {
        await using var server = await MailServer.StartAsync("--at", step, "--fault", fault);

        await using (var consumer = await _v4.StartAsync(server.Port, "", "--count", "1"))
        {
            Assert.Equal(0, await consumer.EndAsync());
            AssertLogged(consumer.Texts, string.Format(CultureInfo.InvariantCulture, sentence, Address(server)), $" {remedy} Next try in ");
            Assert.Contains(consumer.Lines, line => line.Contains(" ERROR ", StringComparison.Ordinal) && line.Contains(remedy, StringComparison.Ordinal));
            Assert.EndsWith("refused 0, waiting 1, mails 0", consumer.Texts[^1], StringComparison.Ordinal);
        }

        var resent = await _v4.RunAsync(server.Port, "--resend");
        Assert.Contains("Message sent.", resent);
        Assert.Equal(["fault", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task A_greylisting_server_gets_each_mail_again_and_mails_do_not_wait_for_each_other()
    {
        await _v4.BidAsync(950m);
        await using var server = await MailServer.StartAsync("--at", "recipient", "--fault", "451 4.7.1 greylisted", "--times", "4");

        var texts = await MailAsync(server, mails: 2);

        AssertLogged(texts, $"{Address(server)} refused the recipient boss@example.com (451: ", " Next try in ");
        Assert.Equal(["$931.43", "$950.00"], texts.Where(IsSubject).Take(2).Select(t => t.Split(' ')[^1]));
        Assert.EndsWith("alerts 2, mailed 2, refused 0, waiting 0, mails 2", texts[^1], StringComparison.Ordinal);
        Assert.Equal(
            ["fault", "fault", "fault", "fault", "mail", "mail"],
            [await server.EventAsync(), await server.EventAsync(), await server.EventAsync(), await server.EventAsync(), await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task A_message_refused_after_DATA_is_kept_as_refused_and_the_next_one_is_sent()
    {
        await _v4.BidAsync(950m);
        await using var server = await MailServer.StartAsync("--at", "message", "--fault", "554 5.6.0 looks like spam");

        var texts = await MailAsync(server);

        AssertLogged(texts, $"{Address(server)} refused the mail (554: ", "looks like spam). The mail is kept as refused.");
        Assert.EndsWith("alerts 2, mailed 1, refused 1, waiting 0, mails 1", texts[^1], StringComparison.Ordinal);
        Assert.Equal("fault", await server.EventAsync());
        Assert.Contains("$950.00", (await server.NextAsync()).GetProperty("data").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_greeting_is_awaited()
    {
        await using var server = await MailServer.StartAsync("--at", "greeting", "--fault", "stall", "--stall", "2");

        var texts = await MailAsync(server);

        Assert.DoesNotContain(texts, t => t.Contains("Next try", StringComparison.Ordinal));
        Assert.Equal(["fault", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    /// <summary>The server accepts the mail, but its reply is lost. The mail is sent again; the Message-Id identifies the duplicate.</summary>
    [Fact]
    public async Task A_mail_whose_reply_is_lost_is_sent_again_with_the_same_Message_ID()
    {
        await using var server = await MailServer.StartAsync("--at", "taken", "--fault", "cut");

        var texts = await MailAsync(server);
        var first = (await server.NextAsync()).GetProperty("data").GetString()!;
        Assert.Equal("fault", await server.EventAsync());
        var second = (await server.NextAsync()).GetProperty("data").GetString()!;

        AssertLogged(texts, $"The mail session with {Address(server)} failed: ", " Next try in ");
        Assert.EndsWith("alerts 1, mailed 1, refused 0, waiting 0, mails 1", texts[^1], StringComparison.Ordinal);
        Assert.Equal(Assert.Single(first.Split("\r\n"), IsMessageId), Assert.Single(second.Split("\r\n"), IsMessageId));

        static bool IsMessageId(string line) => line.StartsWith("Message-Id: ", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closes_after_each_mail_gets_a_session_for_each()
    {
        await _v4.BidAsync(940m);
        await _v4.BidAsync(950m);
        await using var server = await MailServer.StartAsync("--one-mail-a-session");

        var texts = await MailAsync(server, mails: 3);

        Assert.Equal(3, texts.Count(t => t == $"SMTP server reached: {Address(server)}."));
        Assert.DoesNotContain(texts, t => t.Contains("Next try", StringComparison.Ordinal));
        Assert.Equal(["mail", "mail", "mail"], [await server.EventAsync(), await server.EventAsync(), await server.EventAsync()]);
        Assert.EndsWith("alerts 3, mailed 3, refused 0, waiting 0, mails 3", texts[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("what comes is no TLS")]
    [InlineData("")]
    public async Task A_failed_TLS_handshake_is_reported_and_the_mail_is_not_sent_unencrypted(string fault)
    {
        await using var server = await MailServer.StartWithLoginAsync(
            _v4.Authority, "seller@example.com", "correct horse", "--at", "starttls", "--fault", fault);

        var texts = await MailAsync(server, "correct horse");

        AssertLogged(texts, $"The TLS handshake with {Address(server)} failed: ", ". Check outgoing_email_port and [mail] tls. Next try in ");
        Assert.Equal("fault", await server.EventAsync());
        Assert.True((await server.NextAsync()).GetProperty("tls").GetBoolean());
    }

    [Fact]
    public async Task A_server_that_never_replies_to_DATA_does_not_delay_the_end()
    {
        await using var server = await MailServer.StartAsync("--at", "message", "--fault", "stall");
        await using var consumer = await _v4.StartAsync(server.Port);
        Assert.Equal("fault", await server.EventAsync());

        consumer.Interrupt();

        Assert.Equal(0, await consumer.EndAsync());
        Assert.Contains("Alerts that wait in data/alerts.db: 1. They go out in the next run.", consumer.Texts);
    }

    /// <summary>Runs consumer v4 until a number of mails are sent.</summary>
    /// <returns>Its log messages.</returns>
    private async Task<IReadOnlyList<string>> MailAsync(MailServer server, string password = "", int mails = 1)
    {
        await using var consumer = await _v4.StartAsync(server.Port, password);
        for (; mails > 0; mails--)
        {
            await consumer.LineAsync("Message sent.");
        }

        consumer.Interrupt();
        Assert.Equal(0, await consumer.EndAsync());
        return consumer.Texts;
    }

    private static void AssertLogged(IReadOnlyList<string> texts, string start, string more) =>
        Assert.True(
            texts.Any(t => t.StartsWith(start, StringComparison.Ordinal) && t.Contains(more, StringComparison.Ordinal)),
            $"'{start} ... {more}' is not among:\n{string.Join('\n', texts)}");

    private static string Address(MailServer server) => string.Create(CultureInfo.InvariantCulture, $"localhost:{server.Port}");

    private static bool IsSubject(string text) => text.StartsWith("Subject: ", StringComparison.Ordinal);
}
