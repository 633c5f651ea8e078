using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using Serilog.Events;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// Sends the mails of an outbox one by one, logs their sessions, and records their results. Not thread-safe.
/// </summary>
internal sealed class OutboxSender(AlertOutbox outbox, ProgramRun run, RelayBackoff backoff) : IDisposable
{
    /// <summary>Unexpected errors pause a mail as a seventh failure does, so that the other mails come first.</summary>
    private const int UnexpectedErrorAttempts = 7;

    private static readonly string Rule = new('=', 40);

    private readonly Backoff _mailBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private readonly IMailTransport _transport =
        run.Settings.Mail is { } mail ? new SmtpTransport(mail) : new EmlFolder(run.Settings.Alerts.Outbox);

    private bool _isInSession;

    /// <summary>Creates and sends the mails that are due.</summary>
    /// <param name="startNone">Ends the work before the next mail, without an exception.</param>
    /// <param name="cancel">Cancels the operation; a mail in progress may have been sent.</param>
    /// <returns>When to call again; <see langword="null"/> if only new alerts can make a mail due.</returns>
    public async Task<DateTimeOffset?> SendDueAsync(CancellationToken startNone, CancellationToken cancel)
    {
        OutboxMail? sent = null;
        try
        {
            while (run.Time.GetUtcNow() >= backoff.Until || sent is not null)
            {
                var (mail, due) = await AdvanceAsync(sent, cancel);
                if (mail is null || startNone.IsCancellationRequested)
                {
                    return due;
                }

                sent = await SendAsync(mail, cancel) ? mail : null;
            }
        }
        catch (IOException e)
        {
            run.Log.Error("{Text} Next try in {Seconds:0.0} s.", e.Message, backoff.AfterTransientFailure());
        }

        return backoff.Until;
    }

    /// <summary>Closes the mail session if one is open.</summary>
    public void EndSession()
    {
        var lines = _transport.EndSession();
        if (_isInSession)
        {
            Log([.. lines, Rule]);
        }

        _isInSession = false;
    }

    public void Dispose() => (_transport as IDisposable)?.Dispose();

    /// <returns>Whether the mail was sent; if not, the outbox knows why.</returns>
    private async Task<bool> SendAsync(OutboxMail mail, CancellationToken cancel)
    {
        if (mail.ReadError is { } error)
        {
            var text = $"An alert in {outbox.Path} is damaged: {error}.";
            if (mail.Alerts.Count == 0)
            {
                await RecordFailureAsync(mail, new MailException(text, MailFailure.Refused), cancel);
                return false;
            }

            run.Log.Error("{Text} The other alerts of its mail are sent.", text);
        }

        var (from, to) = run.Settings.Mail is { } set ? (set.Address, set.Receiver) : ("auction-tracker@localhost", "you@localhost");
        try
        {
            var email = new AlertEmail(mail.Alerts, from, to, mail.Created, mail.Unlisted);
            Log([Rule, "Prepared Email Message:", Rule, .. email.Lines, Rule]);
            Log(await _transport.SendAsync(email, cancel));
        }
        catch (MailException e)
        {
            await RecordFailureAsync(mail, e, cancel);
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var until = run.Time.GetUtcNow() + _mailBackoff.After(mail.Attempts + UnexpectedErrorAttempts);
            await outbox.PostponeAsync(mail, until, e.Message, cancel);
            throw;
        }

        backoff.Reset();
        _isInSession = true;
        outbox.Counts.Mails.Add(1);
        outbox.Counts.Mailed.Add(mail.AlertCount);
        return true;
    }

    /// <summary>After a mail that was sent, retries until it succeeds, because an unmarked mail is sent again.</summary>
    private async Task<(OutboxMail? Mail, DateTimeOffset? Due)> AdvanceAsync(OutboxMail? sent, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await outbox.AdvanceAsync(sent, sent is null ? cancel : CancellationToken.None);
            }
            catch (Exception e) when (sent is not null && e is not OperationCanceledException)
            {
                run.Log.Error("{Text} The mail is sent but not marked as sent; trying again.", e.Message);
                await Task.Delay(_mailBackoff.After(attempt), run.Time, cancel);
            }
        }
    }

    private async Task RecordFailureAsync(OutboxMail mail, MailException e, CancellationToken cancel)
    {
        var now = run.Time.GetUtcNow();
        switch (e.Failure)
        {
            case MailFailure.Refused:
                await outbox.MarkRefusedAsync(mail, e.Message, cancel);
                outbox.Counts.Refused.Add(mail.AlertCount);
                run.Log.Error("{Text} The mail is kept as refused.", e.Message);
                break;
            case MailFailure.Deferred:
                var pause = _mailBackoff.After(mail.Attempts + 1);
                await outbox.PostponeAsync(mail, now + pause, e.Message, cancel);
                run.Log.Warning("{Text} Next try in {Seconds:0.0} s.", e.Message, pause.TotalSeconds);
                break;
            default:
                await outbox.PostponeAsync(mail, now, e.Message, cancel);
                var (level, seconds) = e.Failure == MailFailure.Misconfigured
                    ? (LogEventLevel.Error, backoff.AfterPersistentFailure())
                    : (LogEventLevel.Warning, backoff.AfterTransientFailure());
                run.Log.Write(
                    level, "{Text} Next try in {Seconds:0.0} s. Alerts that wait: {Count}.", e.Message, seconds, await outbox.CountWaitingAsync(cancel));
                break;
        }
    }

    private void Log(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            run.BidLog.Information("{Line}", line);
        }
    }
}
