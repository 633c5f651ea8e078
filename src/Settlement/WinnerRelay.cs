using AuctionTracker.Alerts.Mail;
using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Settlements;

namespace AuctionTracker.Settlement;

/// <summary>Sends the mails to winners, one by one, as .eml files or by the mail server.</summary>
internal sealed class WinnerRelay : IAsyncDisposable
{
    /// <summary>Grace period of a mail in progress after a stop request.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly Counts.Count _mailed = new("mailed");
    private readonly Counts.Count _refused = new("refused");
    private readonly Counts.Count _waiting = new("mails waiting");
    private readonly Backoff _mailBackoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProgramRun _run;
    private readonly SettlementStore _store;
    private readonly IMailTransport _transport;
    private readonly RelayBackoff _backoff;
    private readonly string _from;
    private TaskCompletionSource _added = NewSignal();

    /// <exception cref="ProgramException">Winners are to get mails, and no mail server is set up.</exception>
    public WinnerRelay(ProgramRun run, SettlementStore store)
    {
        (_run, _store, _backoff) = (run, store, new RelayBackoff(run.Time));
        if (!run.Settings.Settlement.MailsWinners)
        {
            (_transport, _from) = (new EmlFolder(run.Settings.Settlement.Outbox), "auction-tracker@localhost");
            run.Log.Information("Mails to winners are written to {Folder} as .eml files. Set [settlement] mail_winners = true to send them.", run.Settings.Settlement.Outbox);
            return;
        }

        var mail = run.Settings.Mail ?? throw new ProgramException("[settlement] mail_winners is true, but no mail server is set up: set outgoing_email_host and the other mail keys.");
        (_transport, _from) = (new SmtpTransport(mail), mail.Address);
    }

    /// <summary>What became of mails.</summary>
    public IReadOnlyList<Counts.Count> Counts => [_mailed, _refused, _waiting];

    /// <summary>Says that this program has the state, and sends its mails.</summary>
    public void Start() => _started.TrySetResult();

    /// <summary>Says that there are mails.</summary>
    public void Wake() => Interlocked.Exchange(ref _added, NewSignal()).TrySetResult();

    /// <summary>Sends until <paramref name="end"/>, and then once more what is due.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        await _started.Task.WaitAsync(end);
        using var cancel = new CancellationTokenSource();
        await using var onEnd = end.Register(() => cancel.CancelAfter(Grace));
        for (var isOver = false; !isOver;)
        {
            isOver = end.IsCancellationRequested;
            var added = Volatile.Read(ref _added).Task;
            try
            {
                while (_run.Time.GetUtcNow() >= _backoff.Until && await _store.NextMailAsync(cancel.Token) is { } mail)
                {
                    await SendAsync(mail, cancel.Token);
                }
            }
            catch (IOException e)
            {
                _run.Log.Error("{Text} Next try in {Seconds:0.0} s.", e.Message, _backoff.AfterTransientFailure());
            }

            _transport.EndSession();
            if (!isOver)
            {
                await Task.WhenAny(added, Task.Delay(PollInterval, _run.Time, end));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        (_transport as IDisposable)?.Dispose();
        try
        {
            _waiting.Add(await _store.CountMailsAsync(CancellationToken.None));
        }
        catch (IOException e)
        {
            _run.Log.Error("{Text} The number of waiting mails is unknown.", e.Message);
        }
    }

    private async Task SendAsync(WinnerMail mail, CancellationToken cancel)
    {
        var email = new WinnerEmail(mail, _from);
        try
        {
            foreach (var line in await _transport.SendAsync(email, cancel))
            {
                _run.BidLog.Information("{Line}", line);
            }
        }
        catch (MailException e)
        {
            await RecordFailureAsync(mail, e);
            return;
        }

        _backoff.Reset();
        await MarkSentAsync(mail);
        _mailed.Add(1);
    }

    /// <summary>Tries until it succeeds, for a mail that is not marked is sent again.</summary>
    private async Task MarkSentAsync(WinnerMail mail)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _store.MarkSentAsync(mail, CancellationToken.None);
                return;
            }
            catch (IOException e) when (attempt < 10)
            {
                _run.Log.Error("{Text} The mail is sent but not marked as sent; trying again.", e.Message);
                await Task.Delay(_mailBackoff.After(attempt), _run.Time, CancellationToken.None);
            }
        }
    }

    private async Task RecordFailureAsync(WinnerMail mail, MailException e)
    {
        switch (e.Failure)
        {
            case MailFailure.Refused:
                await _store.MarkRefusedAsync(mail, e.Message, CancellationToken.None);
                _refused.Add(1);
                _run.Log.Error("{Text} The mail for auction {Auction} is kept as refused.", e.Message, mail.Sale.AuctionId);
                break;
            case MailFailure.Deferred:
                var pause = _mailBackoff.After(mail.Attempts + 1);
                await _store.PostponeAsync(mail, _run.Time.GetUtcNow() + pause, CancellationToken.None);
                _run.Log.Warning("{Text} Next try in {Seconds:0.0} s.", e.Message, pause.TotalSeconds);
                break;
            default:
                await _store.PostponeAsync(mail, _run.Time.GetUtcNow(), CancellationToken.None);
                var seconds = e.Failure == MailFailure.Misconfigured ? _backoff.AfterPersistentFailure() : _backoff.AfterTransientFailure();
                _run.Log.Warning("{Text} Next try in {Seconds:0.0} s.", e.Message, seconds);
                break;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
