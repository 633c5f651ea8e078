using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using RabbitMQ.Client;

namespace AuctionTracker.Auctioneer;

/// <summary>
/// Reads the queue of all bids into the state. For the wall's clock it sends a message through the queue now and then: when it comes back,
/// all bids that came before it are read. So an auction that closed while bids waited in the queue gets them.
/// </summary>
/// <param name="run">Settings, log and clock.</param>
/// <param name="state">The auctions.</param>
/// <param name="counts">Counts messages that are no bids.</param>
/// <param name="committed">Called after each commit.</param>
internal sealed class BidIntake(ProgramRun run, AuctionState state, AuctionCounts counts, Action committed)
{
    public const int Prefetch = 4_000;

    private const string ClockPrefix = "auction-clock-";

    private static readonly BatchLimits Limits = new(Prefetch / 2, TimeSpan.FromMilliseconds(100), Count: null, IdleExit: null);
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A clock message that does not come back was lost with its queue; it is not durable.</summary>
    private static readonly TimeSpan MaxTickAge = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private (string Id, DateTimeOffset Time)? _tick;
    private DateTimeOffset _lastTick = DateTimeOffset.UnixEpoch;
    private long _lastBid = run.Time.GetTimestamp();
    private volatile bool _isApplying;

    /// <summary>Reads until <paramref name="stop"/>, or until no bid came for the idle time. Stands by while another program reads the queue.</summary>
    public async Task ReadAsync(IConnection connection, IChannel channel, bool closesRest, CancellationToken stop, CancellationToken lost)
    {
        var started = new TaskCompletionSource();
        var consumer = new BatchConsumer(AuctionTopology.AuctioneerQueue, Limits, run.Log, run.Time)
        {
            StandsBy = true,
            Started = () =>
            {
                state.Forget();
                started.TrySetResult();
            },
        };
        await Parts.RunAsync(
            stop, end => consumer.ConsumeAsync(connection, ApplyAsync, end, lost), end => TickAsync(channel, started.Task, end));

        if (closesRest && !stop.IsCancellationRequested)
        {
            await state.CloseRestAsync(lost);
        }
    }

    private async Task ApplyAsync(IReadOnlyList<Delivery> batch, CancellationToken cancel)
    {
        var arrivals = new List<Arrival>(batch.Count);
        var unreadable = new List<Delivery>();
        foreach (var delivery in batch)
        {
            if (delivery.Bid is { } bid)
            {
                arrivals.Add(new Arrival(delivery.Id, bid, default));
            }
            else if (!delivery.Id.StartsWith(ClockPrefix, StringComparison.Ordinal) || delivery.Exchange.Length > 0)
            {
                unreadable.Add(delivery);
            }
            else if (TakeTick(delivery.Id) is { } time)
            {
                arrivals.Add(new Arrival("", null, time));
            }
        }

        _isApplying = true; // reading the state of a large database takes a while
        try
        {
            await state.ApplyAsync(arrivals, cancel);
        }
        finally
        {
            _isApplying = false;
        }

        foreach (var delivery in unreadable)
        {
            counts.Received.Add(1);
            counts.Unreadable.Add(1);
            run.Log.Warning("Message {Id} cannot be read as a bid: {Reason}", delivery.Id, delivery.InvalidReason);
        }

        if (arrivals.Any(arrival => arrival.Bid is not null))
        {
            Volatile.Write(ref _lastBid, run.Time.GetTimestamp());
        }

        committed();
    }

    private DateTimeOffset? TakeTick(string id)
    {
        lock (_gate)
        {
            var tick = _tick is { } sent && sent.Id == id ? sent.Time : (DateTimeOffset?)null;
            _tick = tick is null ? _tick : null;
            return tick;
        }
    }

    /// <summary>Sends clock messages until no bid came for the idle time.</summary>
    private async Task TickAsync(IChannel channel, Task started, CancellationToken end)
    {
        await started.WaitAsync(end);
        Volatile.Write(ref _lastBid, run.Time.GetTimestamp());
        using var timer = new PeriodicTimer(TickInterval, run.Time);
        while (await timer.WaitForNextTickAsync(end) && (_isApplying || !(run.Time.GetElapsedTime(Volatile.Read(ref _lastBid)) > run.Settings.Consumer.IdleExit)))
        {
            if (run.Settings.Auctioneer.Clock == ClockKind.Wall && state.MayHaveOpenAuctions && NextTick() is { } id)
            {
                await channel.BasicPublishAsync(
                    "", AuctionTopology.AuctioneerQueue, mandatory: false, new BasicProperties { MessageId = id }, ReadOnlyMemory<byte>.Empty, end);
            }
        }
    }

    /// <returns>The id of the next clock message; <see langword="null"/> while one is on its way.</returns>
    private string? NextTick()
    {
        lock (_gate)
        {
            var now = run.Time.GetUtcNow();
            if (now < _lastTick - TimeSpan.FromSeconds(1))
            {
                run.Log.Warning("This machine's clock was set back by {Seconds:0} s. Auctions close when it has caught up.", (_lastTick - now).TotalSeconds);
            }

            if (_tick is { } sent && now >= sent.Time && now - sent.Time < MaxTickAge)
            {
                return null;
            }

            (_tick, _lastTick) = (($"{ClockPrefix}{Guid.NewGuid():n}", now), now);
            return _tick.Value.Id;
        }
    }
}
