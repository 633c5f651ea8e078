using AuctionTracker.Core.Files;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// Sends the mails of an outbox in the background. Of several programs with the same outbox, one sends. Failed mails are retried with
/// jittered back-off without a limit; mails that the server rejects permanently are kept as refused.
/// </summary>
public sealed class OutboxRelay : IAsyncDisposable
{
    /// <summary>Grace period after a stop request: no new mail starts after <c>Start</c>; a mail in progress is canceled at <c>Finish</c>.</summary>
    private static readonly (TimeSpan Start, TimeSpan Finish) Grace = (TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(1.5));

    /// <summary>The longest idle time. Another program may have added alerts, or released the sender lock.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _startNone = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenRegistration _onStop;
    private readonly AlertOutbox _outbox;
    private readonly ProgramRun _run;
    private readonly RelayBackoff _backoff;
    private readonly OutboxSender _sender;
    private readonly Task _sending;

    private OutboxRelay(AlertOutbox outbox, ProgramRun run, CancellationToken stop)
    {
        (_outbox, _run) = (outbox, run);
        _backoff = new RelayBackoff(run.Time);
        _sender = new OutboxSender(outbox, run, _backoff);
        _onStop = stop.Register(() => { _startNone.CancelAfter(Grace.Start); _cancel.CancelAfter(Grace.Finish); });
        _sending = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Starts the relay. Logs where mails go if no mail server is set up, and how many alerts wait.</summary>
    /// <param name="outbox">The outbox.</param>
    /// <param name="run">Settings, log and clock.</param>
    /// <param name="stop">The stop request; the relay ends at most 1.5 s after it.</param>
    /// <exception cref="IOException">The outbox can't be read.</exception>
    public static async Task<OutboxRelay> StartAsync(AlertOutbox outbox, ProgramRun run, CancellationToken stop)
    {
        if (run.Settings.Mail is null)
        {
            run.Log.Information(
                "No mail is set up: alerts are written to {Folder} as .eml files. Set outgoing_email_host to mail them.",
                run.Settings.Alerts.Outbox.TrimEnd('/') + "/");
        }

        if (await outbox.CountWaitingAsync(stop) is > 0 and var waiting)
        {
            outbox.Counts.WaitingBefore.Add(waiting);
            run.Log.Information("Alerts of an earlier run that wait in {Path}: {Count}. They go out now.", outbox.Path, waiting);
        }

        return new OutboxRelay(outbox, run, stop);
    }

    /// <summary>Sends the mails that are due, once more each, and ends. Other mails wait for the next run.</summary>
    public async ValueTask DisposeAsync()
    {
        _ending.SetResult();
        await _sending;
        await _onStop.DisposeAsync();
        _startNone.Dispose();
        _cancel.Dispose();
        _sender.Dispose();
        try
        {
            _outbox.Counts.Waiting.Add(await _outbox.CountWaitingAsync(CancellationToken.None));
        }
        catch (IOException e)
        {
            _run.Log.Error("{Text} The number of waiting alerts is unknown.", e.Message);
        }

        if (_outbox.Counts.Waiting.Value > 0)
        {
            _run.Log.Warning("Alerts that wait in {Path}: {Count}. They go out in the next run.", _outbox.Path, _outbox.Counts.Waiting.Value);
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
            catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
            {
                isOver = true;
            }
            catch (Exception e)
            {
                // An unexpected error must not stop the consumer, and alerts must not wait unnoticed.
                _run.Log.Error(
                    e, "Alerts can't be sent: {Type}: {Text} They wait in {Path}. Next try in {Seconds:0.0} s.",
                    e.GetType().Name, e.Message, _outbox.Path, _backoff.AfterPersistentFailure());
                await _backoff.WaitAsync(_ending.Task, _cancel.Token);
                isOver = _ending.Task.IsCompleted || _cancel.IsCancellationRequested;
            }
        }
    }

    private async Task SendUntilEndAsync()
    {
        await using var senderLock = await TakeLockAsync();
        while (senderLock is not null && !_startNone.IsCancellationRequested)
        {
            var added = _outbox.AlertsAdded;
            var next = await _sender.SendDueAsync(_startNone.Token, _cancel.Token);
            if (next <= _run.Time.GetUtcNow())
            {
                continue;
            }

            _sender.EndSession();
            if (_ending.Task.IsCompleted)
            {
                return;
            }

            // Alerts that wait for their group anyway are noticed in time by the poll: a plan looks at every group that waits.
            await WaitAsync(next, _run.Settings.Alerts.Dispatch.GroupWait < PollInterval ? added : Never);
        }
    }

    /// <summary>Waits for the sender lock.</summary>
    /// <returns>The lock; <see langword="null"/> if the relay ends while another program holds it.</returns>
    private async Task<FileStream?> TakeLockAsync()
    {
        for (var isLogged = false; ; isLogged = true)
        {
            var taken = FileLock.TryTake($"{_outbox.Path}.sender");
            if (taken is not null || _ending.Task.IsCompleted)
            {
                return taken;
            }

            if (!isLogged)
            {
                _run.Log.Information("Another program sends the alerts of {Path}; this one stands by.", _outbox.Path);
            }

            await WaitAsync(until: null, added: Never);
        }
    }

    /// <summary>Waits until a time, until alerts are added, or until the relay ends; at most <see cref="PollInterval"/>.</summary>
    private async Task WaitAsync(DateTimeOffset? until, Task added)
    {
        using var delay = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        var left = until - _run.Time.GetUtcNow() is { } time && time < PollInterval ? time : PollInterval;
        await Task.WhenAny(Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _run.Time, delay.Token), added, _ending.Task);
        await delay.CancelAsync();
        _cancel.Token.ThrowIfCancellationRequested();
    }
}
