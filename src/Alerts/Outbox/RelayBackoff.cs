using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// The pause of all sending after a failure that concerns every mail. A failure of the other kind starts with its shortest pause,
/// because a server that is starting may reply with a rejection first. Not thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class RelayBackoff(TimeProvider time)
{
    /// <summary>The longest single delay. The clock is read again after it, because somebody may set the clock.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);

    private readonly Backoff _transient = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private readonly Backoff _persistent = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
    private Backoff? _current;
    private int _failures;

    /// <summary>The end of the pause.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>Starts a pause after a failure that may pass by itself.</summary>
    /// <returns>The length of the pause in seconds.</returns>
    public double AfterTransientFailure() => Start(_transient);

    /// <summary>Starts a pause after a failure that a person must fix, or an unexpected one.</summary>
    /// <returns>The length of the pause in seconds.</returns>
    public double AfterPersistentFailure() => Start(_persistent);

    /// <summary>Resets the count of failures after a success.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Waits for the end of the pause.</summary>
    /// <param name="ending">Ends the wait when it completes.</param>
    /// <param name="cancel">Ends the wait, without an exception.</param>
    public async Task WaitAsync(Task ending, CancellationToken cancel)
    {
        using var delay = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        while (!ending.IsCompleted && !cancel.IsCancellationRequested && Until - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            // Task.Delay truncates to milliseconds: one more makes sure that the rest is not zero.
            await Task.WhenAny(Task.Delay(left < MaxDelay ? left + TimeSpan.FromMilliseconds(1) : MaxDelay, time, delay.Token), ending);
        }

        await delay.CancelAsync();
    }

    private double Start(Backoff backoff)
    {
        _failures = backoff == _current ? _failures + 1 : 1;
        _current = backoff;
        var pause = backoff.After(_failures);
        Until = time.GetUtcNow() + pause;
        return pause.TotalSeconds;
    }
}
