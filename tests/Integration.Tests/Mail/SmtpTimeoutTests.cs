using AuctionTracker.Alerts;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>The transport alone, with less patience than a program has, against servers that fall silent.</summary>
public sealed class SmtpTimeoutTests
{
    private static readonly AlertEmail Mail = AlertEmail.For([Alert.Of("m-1", AlertKind.HighBid, Some.Bid(931.43m), 800m)], "seller@example.com", "boss@example.com", Some.Time);

    [Theory]
    [InlineData("greeting")]
    [InlineData("sender")]
    [InlineData("recipient")]
    [InlineData("message")]
    public async Task A_server_that_falls_silent_is_given_up_in_time_and_the_next_try_finds_it_well(string step)
    {
        await using var server = await MailServer.StartAsync("--at", step, "--trouble", "stall");
        using var transport = Transport(server, TimeSpan.FromSeconds(3));

        var e = await Assert.ThrowsAsync<MailException>(() => transport.SendAsync(Mail, default)).WaitAsync(ProgramUnderTest.Patience);
        var again = await transport.SendAsync(Mail, default);

        Assert.Equal(($"localhost:{server.Port} did not take the mail within 3 s.", MailFailure.Unreachable), (e.Message, e.Failure));
        Assert.Equal("Message sent.", again[^1]);
        Assert.Equal(["trouble", "mail"], [await server.EventAsync(), await server.EventAsync()]);
    }

    [Fact]
    public async Task Whoever_cancels_does_not_wait_for_a_server_that_never_answers_a_message()
    {
        await using var server = await MailServer.StartAsync("--at", "message", "--trouble", "stall");
        using var transport = Transport(server, patience: null);
        using var cancel = new CancellationTokenSource();

        var sending = transport.SendAsync(Mail, cancel.Token);
        Assert.Equal("trouble", await server.EventAsync());
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending).WaitAsync(ProgramUnderTest.Patience);
    }

    private static SmtpTransport Transport(MailServer server, TimeSpan? patience) =>
        new(new MailSettings("localhost", server.Port, "seller@example.com", null, "boss@example.com", MailTls.Auto), patience);
}
