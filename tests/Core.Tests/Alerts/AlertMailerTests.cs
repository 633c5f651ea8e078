using AuctionTracker.Core.Alerts;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Core.Tests.Hosting;
using AuctionTracker.Core.Tests.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Alerts;

public sealed class AlertMailerTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly LogLines _session = new();
    private readonly LogLines _log = new();
    private readonly Counts _counts = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Without_mail_settings_it_says_once_where_alerts_go()
    {
        var mailer = await MailerAsync();
        await mailer.SendAsync(Some.Bid(amount: 931.43m), "m-1", CancellationToken.None);
        await mailer.SendAsync(Some.Bid(amount: 931.44m), "m-2", CancellationToken.None);

        Assert.Equal(
            [$"INFO No mail is set up: alerts are written to {_temp["outbox"]}/ as .eml files. Set outgoing_email_host to mail them."], _log.Lines);
    }

    [Fact]
    public async Task An_alert_shows_its_mail_and_the_session_and_is_counted()
    {
        var mailer = await MailerAsync();

        await mailer.SendAsync(Some.Bid(amount: 931.43m, item: "art"), "m-1", CancellationToken.None);

        var file = Assert.Single(Directory.GetFiles(_temp["outbox"]));
        Assert.Equal(
            [
                "INFO ========================================",
                "INFO Prepared Email Message:",
                "INFO ========================================",
                "INFO From: auction-tracker@localhost",
                "INFO To: you@localhost",
                "INFO Reply-to: auction-tracker@localhost",
                "INFO Subject: High Bid Alert: Art - $931.43",
                "INFO ",
                "INFO A high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.",
                "INFO ========================================",
                $"INFO Wrote {file}.",
                "INFO ========================================",
            ],
            _session.Lines);
        Assert.Equal((1, 1), (_counts.Alerts.Value, _counts.Mails.Value));
    }

    [Fact]
    public async Task An_alert_that_cannot_be_written_is_a_mail_exception_and_no_mail()
    {
        _temp.Write("outbox", "a file");
        var mailer = await MailerAsync();

        var e = await Assert.ThrowsAsync<MailException>(() => mailer.SendAsync(Some.Bid(), "m-1", CancellationToken.None));

        Assert.StartsWith($"The alert can't be written to {_temp["outbox"]}{Path.DirectorySeparatorChar}", e.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (_counts.Alerts.Value, _counts.Mails.Value));
    }

    private async Task<AlertMailer> MailerAsync()
    {
        AuctionSettings settings = await Written.LoadAsync(environment: [("AUCTION_ALERTS_OUTBOX", _temp["outbox"]), ("AUCTION_CONSUMER_ATTEMPTS", "1")]);
        return new AlertMailer(settings, _session.Logger, _log.Logger, _counts, new TestClock());
    }
}
