using System.Globalization;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>
/// Real mail servers that are in trouble, and then well: what a person reads, how it is tried again, and that the alert arrives,
/// once where SMTP can tell.
/// </summary>
public sealed class MailServerFailureTests : IAsyncLifetime
{
    private MailingConsumer _v4 = null!;

    public async Task InitializeAsync() => _v4 = await MailingConsumer.WithABidAsync();

    public async Task DisposeAsync() => await _v4.DisposeAsync();

    [Theory]
    [InlineData("greeting", "421 4.3.2 too many connections", "{0} is not available now (421: ")]
    [InlineData("greeting", "450 4.3.2 too fast", "{0} is not available now (450: ")]
    [InlineData("greeting", "cut", "The mail session with {0} broke: ")]
    [InlineData("sender", "421 4.3.2 going down", "{0} is not available now (421: ")]
    [InlineData("sender", "451 4.7.1 try later", "{0} refused the mail (451: ")]
    [InlineData("sender", "cut", "The mail session with {0} broke: ")]
    [InlineData("recipient", "421 4.3.2 going down", "{0} is not available now (421: ")]
    [InlineData("recipient", "cut", "The mail session with {0} broke: ")]
    [InlineData("data", "cut", "The mail session with {0} broke: ")]
    public async Task What_may_pass_by_itself_is_said_and_the_alert_is_sent_soon_and_once(string step, string trouble, string sentence)
    {
        await using var server = await MailServer.StartAsync("--at", step, "--trouble", trouble);

        var texts = await MailAsync(server);

        AssertSaid(texts, string.Format(CultureInfo.InvariantCulture, sentence, Address(server)), " Next try in ");
        Assert.EndsWith("alerts 1, mailed 1, refused 0, waiting 0, mails 1", texts[^1], StringComparison.Ordinal);
        Assert.Equal(["trouble", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    [Theory]
    [InlineData("greeting", "554 5.7.1 blocked", "{0} takes no mail from this machine (554: ", "Check outgoing_email_host, or ask whoever runs it.")]
    [InlineData("greeting", "HTTP/1.1 400 Bad Request", "What answers at {0} is no mail server.", "Check outgoing_email_host and outgoing_email_port.")]
    [InlineData("greeting", "SSH-2.0-OpenSSH_9.2", "What answers at {0} is no mail server.", "Check outgoing_email_host and outgoing_email_port.")]
    [InlineData("sender", "550 5.1.0 unknown", "{0} refused the sender seller@example.com (550: ", "Check outgoing_email_address: it must be an address that the login may send from.")]
    [InlineData("sender", "553 5.7.1 not yours", "{0} refused the sender seller@example.com (553: ", "Check outgoing_email_address: it must be an address that the login may send from.")]
    [InlineData("recipient", "554 5.7.1 Sender address rejected", "{0} refused the sender seller@example.com (554: ", "Check outgoing_email_address: it must be an address that the login may send from.")]
    public async Task What_a_person_must_mend_is_said_as_an_error_with_the_remedy_and_refuses_no_alert(
        string step, string trouble, string sentence, string remedy)
    {
        await using var server = await MailServer.StartAsync("--at", step, "--trouble", trouble);

        await using (var consumer = await _v4.StartAsync(server.Port, "", "--count", "1"))
        {
            Assert.Equal(0, await consumer.EndAsync());
            AssertSaid(consumer.Texts, string.Format(CultureInfo.InvariantCulture, sentence, Address(server)), $" {remedy} Next try in ");
            Assert.Contains(consumer.Lines, line => line.Contains(" ERROR ", StringComparison.Ordinal) && line.Contains(remedy, StringComparison.Ordinal));
            Assert.EndsWith("refused 0, waiting 1, mails 0", consumer.Texts[^1], StringComparison.Ordinal);
        }

        var mended = await _v4.RunAsync(server.Port, "--resend");
        Assert.Contains("Message sent.", mended);
        Assert.Equal(["trouble", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task A_greylisting_server_gets_each_mail_again_until_it_takes_it_and_one_does_not_wait_for_the_other()
    {
        await _v4.BidAsync(950m);
        await using var server = await MailServer.StartAsync("--at", "recipient", "--trouble", "451 4.7.1 greylisted", "--times", "4");

        var texts = await MailAsync(server, mails: 2);

        AssertSaid(texts, $"{Address(server)} refused the recipient boss@example.com (451: ", " Next try in ");
        Assert.Equal(["$931.43", "$950.00"], texts.Where(IsSubject).Take(2).Select(t => t.Split(' ')[^1]));
        Assert.EndsWith("alerts 2, mailed 2, refused 0, waiting 0, mails 2", texts[^1], StringComparison.Ordinal);
        Assert.Equal(
            ["trouble", "trouble", "trouble", "trouble", "mail", "mail"],
            [await server.EventAsync(), await server.EventAsync(), await server.EventAsync(), await server.EventAsync(), await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task A_message_that_is_refused_after_it_was_sent_is_kept_as_refused_and_the_next_one_goes_out()
    {
        await _v4.BidAsync(950m);
        await using var server = await MailServer.StartAsync("--at", "message", "--trouble", "554 5.6.0 looks like spam");

        var texts = await MailAsync(server);

        AssertSaid(texts, $"{Address(server)} refused the mail (554: ", "looks like spam). The mail is kept as refused.");
        Assert.EndsWith("alerts 2, mailed 1, refused 1, waiting 0, mails 1", texts[^1], StringComparison.Ordinal);
        Assert.Equal("trouble", await server.EventAsync());
        Assert.Contains("$950.00", (await server.NextAsync()).GetProperty("data").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_greeting_that_comes_late_is_waited_for()
    {
        await using var server = await MailServer.StartAsync("--at", "greeting", "--trouble", "stall", "--stall", "2");

        var texts = await MailAsync(server);

        Assert.DoesNotContain(texts, t => t.Contains("Next try", StringComparison.Ordinal));
        Assert.Equal(["trouble", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    /// <summary>It took the mail, and nobody was told: it gets it again, and only the Message-Id tells that the two are one.</summary>
    [Fact]
    public async Task A_mail_whose_receipt_is_lost_is_sent_again_with_the_same_Message_ID()
    {
        await using var server = await MailServer.StartAsync("--at", "taken", "--trouble", "cut");

        var texts = await MailAsync(server);
        var first = (await server.NextAsync()).GetProperty("data").GetString()!;
        Assert.Equal("trouble", await server.EventAsync());
        var second = (await server.NextAsync()).GetProperty("data").GetString()!;

        AssertSaid(texts, $"The mail session with {Address(server)} broke: ", " Next try in ");
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
    public async Task A_TLS_handshake_that_breaks_is_said_and_the_mail_does_not_travel_in_the_clear(string trouble)
    {
        await using var server = await MailServer.StartWithLoginAsync(
            _v4.Authority, "seller@example.com", "correct horse", "--at", "starttls", "--trouble", trouble);

        var texts = await MailAsync(server, "correct horse");

        AssertSaid(texts, $"{Address(server)} broke off TLS: ", ". Check outgoing_email_port and [mail] tls. Next try in ");
        Assert.Equal("trouble", await server.EventAsync());
        Assert.True((await server.NextAsync()).GetProperty("tls").GetBoolean());
    }

    [Fact]
    public async Task A_server_that_never_answers_a_message_does_not_hold_up_the_end()
    {
        await using var server = await MailServer.StartAsync("--at", "message", "--trouble", "stall");
        await using var consumer = await _v4.StartAsync(server.Port);
        Assert.Equal("trouble", await server.EventAsync());

        consumer.Interrupt();

        Assert.Equal(0, await consumer.EndAsync());
        Assert.Contains("Alerts that wait in data/alerts.db: 1. They go out when consumer v4 runs again.", consumer.Texts);
    }

    /// <summary>Runs consumer v4 until so many mails are sent.</summary>
    /// <returns>What it said.</returns>
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

    private static void AssertSaid(IReadOnlyList<string> texts, string start, string more) =>
        Assert.True(
            texts.Any(t => t.StartsWith(start, StringComparison.Ordinal) && t.Contains(more, StringComparison.Ordinal)),
            $"It said no '{start} ... {more}' but:\n{string.Join('\n', texts)}");

    private static string Address(MailServer server) => string.Create(CultureInfo.InvariantCulture, $"localhost:{server.Port}");

    private static bool IsSubject(string text) => text.StartsWith("Subject: ", StringComparison.Ordinal);
}
