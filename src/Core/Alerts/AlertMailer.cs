using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using Serilog;

namespace AuctionTracker.Core.Alerts;

/// <summary>
/// Sends the alerts of high bids, by mail or to files where no mail is set up, and shows each mail session. What fails for now
/// is tried again after a growing pause with jitter. One caller at a time.
/// </summary>
public sealed class AlertMailer
{
    private static readonly string Rule = new('=', 40);

    private readonly IMailTransport _transport;
    private readonly string _from;
    private readonly string _to;
    private readonly int _attempts;
    private readonly ILogger _session;
    private readonly ILogger _log;
    private readonly Counts _counts;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>Makes a mailer, and says where alerts go where that is not to a mailbox.</summary>
    /// <param name="settings">Mail server and addresses, or the folder.</param>
    /// <param name="session">Gets each mail and its session.</param>
    /// <param name="log">Gets what a person must know.</param>
    /// <param name="counts">Where alerts and mails are counted.</param>
    /// <param name="time">The clock.</param>
    public AlertMailer(AuctionSettings settings, ILogger session, ILogger log, Counts counts, TimeProvider time)
    {
        (_session, _log, _counts, _time, _attempts) = (session, log, counts, time, settings.Consumer.Attempts);
        if (settings.Mail is { } mail)
        {
            (_transport, _from, _to) = (new SmtpTransport(mail, time), mail.Address, mail.Receiver);
            return;
        }

        var folder = settings.Alerts.Outbox;
        (_transport, _from, _to) = (new EmlFolder(folder), "auction-tracker@localhost", "you@localhost");
        log.Information("No mail is set up: alerts are written to {Folder} as .eml files. Set outgoing_email_host to mail them.", folder.TrimEnd('/') + "/");
    }

    /// <summary>Sends the alert of a high bid; when it returns, the mail is accepted or on disk.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="messageId">What identifies its message.</param>
    /// <param name="cancel">Gives up; the alert may have to be sent again.</param>
    /// <exception cref="MailException">The alert could not be sent, and trying again now would not help.</exception>
    public async Task SendAsync(Bid bid, string messageId, CancellationToken cancel)
    {
        _counts.Alerts.Add(1);
        var mail = AlertEmail.For(bid, messageId, _from, _to);
        Show([Rule, "Prepared Email Message:", Rule, .. mail.Lines, Rule]);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Show([.. await _transport.SendAsync(mail, cancel), Rule]);
                _counts.Mails.Add(1);
                return;
            }
            catch (MailException e) when (!e.IsFinal && attempt < _attempts)
            {
                var wait = _backoff.After(attempt);
                _log.Warning("{Text} Try {Next} of {Attempts} in {Seconds:0.0} s.", e.Message, attempt + 1, _attempts, wait.TotalSeconds);
                await Task.Delay(wait, _time, cancel);
            }
        }
    }

    private void Show(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _session.Information("{Line}", line);
        }
    }
}
