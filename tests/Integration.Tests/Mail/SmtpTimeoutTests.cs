using AuctionTracker.Alerts;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>The SMTP transport with a short time-out, against servers that stop replying.</summary>
public sealed class SmtpTimeoutTests
{
    private static readonly AlertEmail Mail = new AlertEmail([Alert.ForBid("m-1", AlertKind.HighBid, Some.Bid(931.43m), 800m)], "seller@example.com", "boss@example.com", Some.Time);

    [Theory]
    [InlineData("greeting")]
    [InlineData("sender")]
    [InlineData("recipient")]
    [InlineData("message")]
    public async Task A_server_that_stops_replying_times_out_and_the_next_attempt_succeeds(string step)
    {
        await using var server = await MailServer.StartAsync("--at", step, "--fault", "stall");
        using var transport = Transport(server, TimeSpan.FromSeconds(3));

        var e = await Assert.ThrowsAsync<MailException>(() => transport.SendAsync(Mail, default)).WaitAsync(ProgramUnderTest.Patience);
        var again = await transport.SendAsync(Mail, default);

        Assert.Equal(($"localhost:{server.Port} did not accept the mail within 3 s.", MailFailure.Unreachable), (e.Message, e.Failure));
        Assert.Equal("Message sent.", again[^1]);
        Assert.Equal(["fault", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task Cancellation_does_not_wait_for_a_server_that_never_replies_to_DATA()
    {
        await using var server = await MailServer.StartAsync("--at", "message", "--fault", "stall");
        using var transport = Transport(server, timeout: null);
        using var cancel = new CancellationTokenSource();

        var sending = transport.SendAsync(Mail, cancel.Token);
        Assert.Equal("fault", await server.EventAsync());
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending).WaitAsync(ProgramUnderTest.Patience);
    }

    private static SmtpTransport Transport(MailServer server, TimeSpan? timeout) =>
        new(new MailSettings("localhost", server.Port, "seller@example.com", null, "boss@example.com", MailTls.Auto), timeout);
}
