using System.Globalization;
using AuctionTracker.Alerts;
using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;

namespace AuctionTracker.Auctioneer;

/// <summary>
/// The alerts about auctions that closed. The state keeps such an auction, from the commit that closes it until its alert is in the outbox of
/// alerts, which stores an alert once however often it comes. Neither bids nor announcements wait for alerts. Without a rule that is on it does
/// nothing, and opens no file.
/// </summary>
internal sealed class AuctionAlerts : IAsyncDisposable
{
    private const int BatchSize = 200;

    /// <summary>How often to look for auctions that another program left.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private readonly ProgramRun _run;
    private readonly AuctionState _state;
    private readonly AlertOutbox? _outbox;
    private readonly OutboxRelay? _relay;
    private TaskCompletionSource _added = NewSignal();

    private AuctionAlerts(ProgramRun run, AuctionState state, AlertOutbox? outbox, OutboxRelay? relay) =>
        (_run, _state, _outbox, _relay) = (run, state, outbox, relay);

    /// <summary>Whether a closed auction is to alert.</summary>
    public static Func<ClosedAuction, bool> By(RuleSettings rules) => auction => auction.IsSold ? rules.AuctionClosed : rules.AuctionUnsold;

    /// <summary>Opens the outbox of alerts, and starts to send what waits there, if a rule is on.</summary>
    /// <exception cref="ProgramException">The outbox can't be used.</exception>
    public static async Task<AuctionAlerts> StartAsync(ProgramRun run, AuctionState state, CancellationToken stop)
    {
        if (run.Settings.Alerts.Rules is { AuctionClosed: false, AuctionUnsold: false })
        {
            return new AuctionAlerts(run, state, outbox: null, relay: null);
        }

        var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, run.Time, stop);
        try
        {
            return new AuctionAlerts(run, state, outbox, await OutboxRelay.StartAsync(outbox, run, stop));
        }
        catch (IOException e)
        {
            await outbox.DisposeAsync();
            throw new ProgramException($"{e.Message} Alerts about auctions need it: start again, or choose another file with [alerts] database.", e);
        }
    }

    /// <summary>Says that auctions were closed.</summary>
    public void Wake() => Interlocked.Exchange(ref _added, NewSignal()).TrySetResult();

    /// <summary>Stores alerts until <paramref name="end"/>, and then what is left.</summary>
    public async Task RunAsync(CancellationToken end, CancellationToken lost)
    {
        using var endOrLost = CancellationTokenSource.CreateLinkedTokenSource(end, lost);
        if (_outbox is null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _run.Time, endOrLost.Token);
        }

        for (var (failures, isOver) = (0, false); _outbox is not null && !isOver;)
        {
            isOver = end.IsCancellationRequested;
            var (added, pause) = (Volatile.Read(ref _added).Task, PollInterval);
            try
            {
                while (await _state.ReadAlertsAsync(BatchSize, lost) is { Count: > 0 } auctions)
                {
                    await StoreAsync(_outbox, auctions, lost);
                }

                failures = 0;
            }
            catch (IOException e)
            {
                (added, pause) = (Never, _backoff.After(++failures));
                _run.Log.Error(
                    "{Text} Alerts about closed auctions wait. {Next}", e.Message,
                    isOver ? "They are stored in the next run." : string.Create(CultureInfo.InvariantCulture, $"Next try in {pause.TotalSeconds:0.0} s."));
            }

            if (!isOver)
            {
                await Task.WhenAny(added, Task.Delay(pause, _run.Time, endOrLost.Token));
                lost.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Sends what is due, and closes the outbox.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        if (_outbox is not null)
        {
            await _outbox.DisposeAsync();
        }
    }

    /// <summary>Stores the alerts before it deletes the rows. A program that is killed in between leaves the rows, and the next one stores the same alerts again, which changes nothing.</summary>
    private async Task StoreAsync(AlertOutbox outbox, IReadOnlyList<ClosedAuction> auctions, CancellationToken lost)
    {
        Alert[] alerts = [.. auctions.Select(AlertOf)];
        await outbox.StoreAsync(alerts, lost);
        await _state.RemoveAlertsAsync(auctions, lost);
        foreach (var alert in alerts)
        {
            _run.BidLog.Information("{Alert}. Sending email alert.", alert);
        }
    }

    private static Alert AlertOf(ClosedAuction auction) => Alert.ForAuction(
        auction.MessageId, auction.IsSold, auction.Highest, new AuctionTotals(auction.Bids, auction.Bidders),
        [.. auction.Prices.Select(step => (step.Time, step.Amount))]);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
