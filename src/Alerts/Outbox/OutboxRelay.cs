using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// Sends what waits in the outbox, at its own pace, and shows each mail session. Of several programs with the same outbox one
/// sends. What fails for now is tried again with growing, jittered pauses, for as long as it takes; what a person must mend
/// first is said loudly and tried again slowly; what the server will never take is kept as refused.
/// </summary>
public sealed class OutboxRelay : IAsyncDisposable
{
    /// <summary>How long mails may still begin, and take, when the program was asked to stop: one that is cut off is sent twice.</summary>
    private static readonly (TimeSpan Begin, TimeSpan Take) Grace = (TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(1.5));

    /// <summary>How long to sleep at the most: another program may have added alerts to the file, or have stopped to send them.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromSeconds(2);

    private static readonly string Rule = new('=', 40);

    private readonly Backoff _ofOneMail = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lastMail = new();
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _onStop;
    private readonly AlertOutbox _outbox;
    private readonly ProgramRun _run;
    private readonly IMailTransport _transport;
    private readonly RelayBackoff _pause;
    private readonly Task _sending;
    private bool _isInSession;

    private OutboxRelay(AlertOutbox outbox, ProgramRun run, CancellationToken stop)
    {
        (_outbox, _run) = (outbox, run);
        _pause = new RelayBackoff(run.Time);
        _transport = run.Settings.Mail is { } mail ? new SmtpTransport(mail) : new EmlFolder(run.Settings.Alerts.Outbox);
        _onStop = stop.Register(() => { _lastMail.CancelAfter(Grace.Begin); _end.CancelAfter(Grace.Take); });
        _sending = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Starts to send, by mail, or to files where no mail is set up; says so.</summary>
    /// <param name="outbox">The outbox.</param>
    /// <param name="run">Settings, log and counts.</param>
    /// <param name="stop">The program was asked to stop: then sending ends within 1.5 s.</param>
    /// <exception cref="IOException">The outbox can't be read.</exception>
    public static async Task<OutboxRelay> StartAsync(AlertOutbox outbox, ProgramRun run, CancellationToken stop)
    {
        if (run.Settings.Mail is null)
        {
            run.Log.Information(
                "No mail is set up: alerts are written to {Folder} as .eml files. Set outgoing_email_host to mail them.",
                run.Settings.Alerts.Outbox.TrimEnd('/') + "/");
        }

        if (await outbox.WaitingAsync(stop) is > 0 and var waiting)
        {
            outbox.Counts.WaitingBefore.Add(waiting);
            run.Log.Information("Alerts of an earlier run that wait in {Path}: {Count}. They go out now.", outbox.Path, waiting);
        }

        return new OutboxRelay(outbox, run, stop);
    }

    /// <summary>Ends when what is due is sent, or can't be sent now; what is left waits for the next run.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending.SetResult();
        await _sending;
        await _onStop.DisposeAsync();
        _lastMail.Dispose();
        _end.Dispose();
        (_transport as IDisposable)?.Dispose();
        try
        {
            _outbox.Counts.Waiting.Add(await _outbox.WaitingAsync(CancellationToken.None));
        }
        catch (IOException e)
        {
            _run.Log.Error("{Text} How many alerts wait is not known.", e.Message);
        }

        if (_outbox.Counts.Waiting.Value > 0)
        {
            _run.Log.Warning("Alerts that wait in {Path}: {Count}. They go out when consumer v4 runs again.", _outbox.Path, _outbox.Counts.Waiting.Value);
        }
    }

    private async Task RunAsync()
    {
        for (var isOver = false; !isOver;)
        {
            try
            {
                await SendUntilEndAsync();
                isOver = true;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                isOver = true; // Asked to stop; what was not sent waits.
            }
            catch (Exception e)
            {
                // Nobody thought of this one. Alerts must neither wait in silence nor stop the consumer.
                _run.Log.Error(
                    e, "Alerts can't be sent: {Type}: {Text} They wait in {Path}. Next try in {Seconds:0.0} s.",
                    e.GetType().Name, e.Message, _outbox.Path, _pause.Long());
                await _pause.PassAsync(_ending.Task, _end.Token);
                isOver = _ending.Task.IsCompleted || _end.IsCancellationRequested;
            }
        }
    }

    private async Task SendUntilEndAsync()
    {
        await using var sender = await BeSenderAsync();
        while (sender is not null && !_lastMail.IsCancellationRequested)
        {
            var changed = _outbox.Changed;
            var wake = await StepAsync();
            if (wake <= _run.Time.GetUtcNow())
            {
                continue;
            }

            EndSession();
            if (_ending.Task.IsCompleted)
            {
                return;
            }

            await SleepAsync(wake, changed);
        }
    }

    /// <summary>Waits until no other program sends from this outbox; <see langword="null"/>: until the end.</summary>
    private async Task<FileStream?> BeSenderAsync()
    {
        for (var isSaid = false; ; isSaid = true)
        {
            var taken = SenderLock.TryTake(_outbox.Path);
            if (taken is not null || _ending.Task.IsCompleted)
            {
                return taken;
            }

            if (!isSaid)
            {
                _run.Log.Information("Another program sends the alerts of {Path}; this one stands by.", _outbox.Path);
            }

            await SleepAsync(null, new TaskCompletionSource().Task);
        }
    }

    /// <summary>Sends one mail, if one is due.</summary>
    /// <returns>When to go on: now, later, or, <see langword="null"/>, when alerts are added.</returns>
    private async Task<DateTimeOffset?> StepAsync()
    {
        var now = _run.Time.GetUtcNow();
        if (now < _pause.Until)
        {
            return _pause.Until;
        }

        try
        {
            var next = await _outbox.MakeMailsAsync(_end.Token);
            if (await _outbox.NextAsync(_end.Token) is not { } mail)
            {
                var waiting = await _outbox.NextDueAsync(_end.Token);
                return waiting is null || next < waiting ? next ?? waiting : waiting;
            }

            await SendAsync(mail);
            return now;
        }
        catch (IOException e)
        {
            _run.Log.Error("{Text} Next try in {Seconds:0.0} s.", e.Message, _pause.Short());
            return _pause.Until;
        }
    }

    private async Task SendAsync(OutboxMail mail)
    {
        if (mail.Damage is { } damage)
        {
            var text = $"An alert in {_outbox.Path} is damaged: {damage}.";
            if (mail.Alerts.Count == 0)
            {
                await FailAsync(mail, new MailException(text, MailFailure.Refused));
                return;
            }

            _run.Log.Error("{Text} The others of its mail go out.", text);
        }

        var (from, to) = _run.Settings.Mail is { } set ? (set.Address, set.Receiver) : ("auction-tracker@localhost", "you@localhost");
        try
        {
            var email = AlertEmail.For(mail.Alerts, from, to, mail.Made, mail.Count - mail.Alerts.Count);
            Show([Rule, "Prepared Email Message:", Rule, .. email.Lines, Rule]);
            Show(await _transport.SendAsync(email, _end.Token));
        }
        catch (MailException e)
        {
            await FailAsync(mail, e);
            return;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Nobody thought of this one. Should it lie in this mail, the others have their turn before it comes again.
            await _outbox.PostponeAsync(mail, _run.Time.GetUtcNow() + _ofOneMail.After(mail.Attempts + 7), e.Message, _end.Token);
            throw;
        }

        _pause.Reset();
        _isInSession = true;
        _outbox.Counts.Mails.Add(1);
        _outbox.Counts.Mailed.Add(mail.Count);
        await MarkSentAsync(mail);
    }

    /// <summary>For as long as it takes: a mail that was sent and not marked would be sent again.</summary>
    private async Task MarkSentAsync(OutboxMail mail)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _outbox.MarkSentAsync(mail, CancellationToken.None);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _run.Log.Error("{Text} The mail is sent, but not marked so; trying again.", e.Message);
                await Task.Delay(_ofOneMail.After(attempt), _run.Time, _end.Token);
            }
        }
    }

    private async Task FailAsync(OutboxMail mail, MailException e)
    {
        var now = _run.Time.GetUtcNow();
        switch (e.Failure)
        {
            case MailFailure.Refused:
                await _outbox.MarkRefusedAsync(mail, e.Message, _end.Token);
                _outbox.Counts.Refused.Add(mail.Count);
                _run.Log.Error("{Text} The mail is kept as refused.", e.Message);
                break;
            case MailFailure.Deferred:
                var pause = _ofOneMail.After(mail.Attempts + 1);
                await _outbox.PostponeAsync(mail, now + pause, e.Message, _end.Token);
                _run.Log.Warning("{Text} Next try in {Seconds:0.0} s.", e.Message, pause.TotalSeconds);
                break;
            default:
                await _outbox.PostponeAsync(mail, now, e.Message, _end.Token);
                var seconds = e.Failure == MailFailure.Setup ? _pause.Long() : _pause.Short();
                _run.Log.Write(
                    e.Failure == MailFailure.Setup ? Serilog.Events.LogEventLevel.Error : Serilog.Events.LogEventLevel.Warning,
                    "{Text} Next try in {Seconds:0.0} s. Alerts that wait: {Count}.",
                    e.Message, seconds, await _outbox.WaitingAsync(_end.Token));
                break;
        }
    }

    private void EndSession()
    {
        var said = _transport.EndSession();
        if (_isInSession)
        {
            Show([.. said, Rule]);
        }

        _isInSession = false;
    }

    /// <summary>Sleeps until a moment, until alerts are added, or until the end; two seconds at the most.</summary>
    private async Task SleepAsync(DateTimeOffset? until, Task changed)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var left = until - _run.Time.GetUtcNow() is { } time && time < Nap ? time : Nap;
        await Task.WhenAny(Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _run.Time, awake.Token), changed, _ending.Task);
        await awake.CancelAsync();
        _end.Token.ThrowIfCancellationRequested();
    }

    private void Show(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _run.BidLog.Information("{Line}", line);
        }
    }
}
