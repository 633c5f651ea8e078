using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// For how long nothing is sent after trouble. Trouble of another kind begins with its shortest pause: a server may greet with a
/// refusal while it starts. Not thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RelayBackoff(TimeProvider time)
{
    /// <summary>The longest sleep: the clock may be set.</summary>
    private static readonly TimeSpan Nap = TimeSpan.FromSeconds(2);

    private readonly Backoff _soon = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private readonly Backoff _slowly = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
    private Backoff? _pace;
    private int _failures;

    /// <summary>When it ends.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>Begins, after what may soon be over by itself.</summary>
    /// <returns>How many seconds it lasts.</returns>
    public double Short() => Begin(_soon);

    /// <summary>Begins, after what a person must mend, or nobody thought of.</summary>
    /// <returns>How many seconds it lasts.</returns>
    public double Long() => Begin(_slowly);

    /// <summary>All is well again.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Waits until it is over, or sending shall end.</summary>
    /// <param name="ending">Completes when sending shall end.</param>
    /// <param name="end">Ends it at once.</param>
    public async Task PassAsync(Task ending, CancellationToken end)
    {
        using var awake = CancellationTokenSource.CreateLinkedTokenSource(end);
        while (!ending.IsCompleted && !end.IsCancellationRequested && Until - time.GetUtcNow() is { Ticks: > 0 } left)
        {
            // A delay is in whole milliseconds, and one of none takes no time.
            await Task.WhenAny(Task.Delay(left < Nap ? left + TimeSpan.FromMilliseconds(1) : Nap, time, awake.Token), ending);
        }

        await awake.CancelAsync();
    }

    private double Begin(Backoff pace)
    {
        _failures = pace == _pace ? _failures + 1 : 1;
        _pace = pace;
        var pause = pace.After(_failures);
        Until = time.GetUtcNow() + pause;
        return pause.TotalSeconds;
    }
}
