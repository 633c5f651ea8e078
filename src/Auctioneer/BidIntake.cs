using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
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

    private static readonly BatchLimits Limits = new(Prefetch / 2, TimeSpan.FromMilliseconds(100), Count: null, IdleExit: null);
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);

    private readonly ClockMessages _clock = new(run.Log, run.Time);
    private readonly LateBidReporter? _lateBids = run.Settings.Run.Quiet ? new LateBidReporter(counts.AfterClosing, run.Log, run.Time) : null;
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
                _clock.Restart();
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
            else if (!ClockMessages.IsOne(delivery.Id) || delivery.Exchange.Length > 0)
            {
                unreadable.Add(delivery);
            }
            else if (_clock.Take(delivery.Id) is { } time)
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

    /// <summary>Sends clock messages until no bid came for the idle time.</summary>
    private async Task TickAsync(IChannel channel, Task started, CancellationToken end)
    {
        await started.WaitAsync(end);
        Volatile.Write(ref _lastBid, run.Time.GetTimestamp());
        using var timer = new PeriodicTimer(TickInterval, run.Time);
        while (await timer.WaitForNextTickAsync(end) && (_isApplying || !(run.Time.GetElapsedTime(Volatile.Read(ref _lastBid)) > run.Settings.Consumer.IdleExit)))
        {
            _lateBids?.Report();
            if (state.NeedsClock && _clock.Next() is { } id)
            {
                await channel.BasicPublishAsync(
                    "", AuctionTopology.AuctioneerQueue, mandatory: false, new BasicProperties { MessageId = id }, ReadOnlyMemory<byte>.Empty, end);
            }
        }
    }
}
