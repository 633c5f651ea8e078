using AuctionTracker.Alerts;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>SMTP sessions: the message, several mails in one session, and sessions that the server closes.</summary>
public sealed class SmtpSessionTests
{
    [Fact]
    public async Task A_mail_has_a_Message_Id_and_the_headers_of_an_automatic_mail()
    {
        await using var server = await MailServer.StartAsync();
        using var transport = TransportTo(server.Port);

        await transport.SendAsync(Mail(1), CancellationToken.None);

        var headers = (await server.NextAsync()).GetProperty("data").GetString()!.Split("\r\n\r\n")[0].Split("\r\n");
        string[] expected =
        [
            $"Message-Id: <{Mail(1).Key}@auction-tracker>", "List-Id: Auction Tracker alerts <alerts.auction-tracker>",
            "Auto-Submitted: auto-generated", "From: seller@example.com", "To: boss@example.com", "Reply-To: seller@example.com",
            "MIME-Version: 1.0",
        ];
        Assert.All(expected, header => Assert.Single(headers, h => h.Equals(header, StringComparison.OrdinalIgnoreCase)));
        Assert.Single(headers, h => h.StartsWith("Date: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("art")]
    [InlineData("Möbel 🦜")]
    [InlineData("art\r\n.\r\nMAIL FROM:<evil@example.com>")]
    public async Task A_mail_over_SMTP_and_an_eml_file_are_the_same_bytes(string item)
    {
        await using var server = await MailServer.StartAsync();
        using var transport = TransportTo(server.Port);
        using var folder = new TempFolder();
        var bid = Some.Bid(931.43m, item);
        var mail = new AlertEmail(
            [Alert.ForBid("m-1", AlertKind.HighBid, bid, 800m) with { Window = [WindowEntry.From(bid)] }], "seller@example.com", "boss@example.com", Some.Time);

        await transport.SendAsync(mail, CancellationToken.None);
        await new EmlFolder(folder.Path).SendAsync(mail, CancellationToken.None);

        Assert.Equal(await File.ReadAllTextAsync(folder[mail.FileName]), (await server.NextAsync()).GetProperty("data").GetString());
    }

    [Fact]
    public async Task One_session_carries_many_mails()
    {
        await using var server = await MailServer.StartAsync();
        using var transport = TransportTo(server.Port);

        Assert.Equal(Opened(server.Port), await transport.SendAsync(Mail(1), CancellationToken.None));
        Assert.Equal(["Message sent."], await transport.SendAsync(Mail(2), CancellationToken.None));
        Assert.Equal(["Session terminated."], transport.EndSession());
        Assert.Empty(transport.EndSession());
        Assert.Equal(Opened(server.Port), await transport.SendAsync(Mail(3), CancellationToken.None));
    }

    [Fact]
    public async Task A_session_that_the_server_ends_is_followed_by_another()
    {
        await using var server = await MailServer.StartAsync("--mails-per-session", "1");
        using var transport = TransportTo(server.Port);

        await transport.SendAsync(Mail(1), CancellationToken.None);

        Assert.Equal(Opened(server.Port), await transport.SendAsync(Mail(2), CancellationToken.None));
        Assert.Equal(["mail", "mail"], [await EventAsync(server), await EventAsync(server)]);
    }

    [Fact]
    public async Task A_session_that_was_cut_is_followed_by_another()
    {
        var port = FreePort.Take();
        using var transport = TransportTo(port);
        await using (var first = await MailServer.StartAtAsync(port))
        {
            await transport.SendAsync(Mail(1), CancellationToken.None);
        }

        await using var second = await MailServer.StartAtAsync(port);

        Assert.Equal(Opened(port), await transport.SendAsync(Mail(2), CancellationToken.None));
        Assert.Equal("mail", await EventAsync(second));
    }

    [Fact]
    public async Task After_a_mail_that_was_refused_no_session_is_open()
    {
        await using var server = await MailServer.StartAsync("--refuse-recipient");
        using var transport = TransportTo(server.Port);

        var refusal = await Assert.ThrowsAsync<MailException>(() => transport.SendAsync(Mail(1), CancellationToken.None));

        Assert.Equal((MailFailure.Refused, "recipient"), (refusal.Failure, refusal.Step));
        Assert.Empty(transport.EndSession());
    }

    [Fact]
    public async Task A_canceled_mail_is_not_a_failure_of_the_server()
    {
        await using var server = await MailServer.StartAsync();
        using var transport = TransportTo(server.Port);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.SendAsync(Mail(1), new CancellationToken(canceled: true)));

        Assert.Empty(transport.EndSession());
    }

    private static SmtpTransport TransportTo(int port) =>
        new(new MailSettings("localhost", port, "seller@example.com", Password: null, "boss@example.com", MailTls.Auto));

    private static string[] Opened(int port) =>
        [$"SMTP server reached: localhost:{port}.", "No TLS: the session is in the clear.", "Message sent."];

    private static AlertEmail Mail(int number) =>
        new AlertEmail([Alert.ForBid($"mail {number}", AlertKind.HighBid, Some.Bid(900m + number, "art"), 800m)], "seller@example.com", "boss@example.com", Some.Time);

    private static async Task<string> EventAsync(MailServer server) => (await server.NextAsync()).GetProperty("event").GetString()!;
}
