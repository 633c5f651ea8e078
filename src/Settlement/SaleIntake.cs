using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Settlements;
using RabbitMQ.Client;

namespace AuctionTracker.Settlement;

/// <summary>Reads the queue of sales into the database, and hands them to the workers. A message is acked when its sale is stored.</summary>
/// <param name="run">Settings, log and clock.</param>
/// <param name="store">The database.</param>
/// <param name="workers">Get the sales.</param>
/// <param name="started">Called when this program has the state.</param>
internal sealed class SaleIntake(ProgramRun run, SettlementStore store, SaleWorkers workers, Action started)
{
    public const int Prefetch = 200;

    private readonly Counts.Count _received = run.Counts.Received;
    private readonly Counts.Count _new = new("new");
    private readonly Counts.Count _repeated = new("repeated");
    private readonly Counts.Count _deadLettered = new("dead-lettered");
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private Task _takeOver = Task.CompletedTask;

    /// <summary>received = new + repeated + dead-lettered; new and those that waited before = settled + waiting.</summary>
    public IReadOnlyList<Counts.Count> Counts => [_received, _new, _repeated, _deadLettered];

    /// <summary>
    /// Reads until <paramref name="stop"/>, or until no sale came for the idle time and all that can be are settled. Stands by while another
    /// program reads the queue.
    /// </summary>
    public async Task ReadAsync(IConnection connection, CancellationToken stop, CancellationToken lost)
    {
        var deadLetters = await DeadLetterPublisher.OpenAsync(connection, "settlement", lost);
        var limits = new BatchLimits(Prefetch / 2, TimeSpan.FromMilliseconds(50), Count: null, IdleExit: null);
        var reading = new TaskCompletionSource();
        var consumer = new BatchConsumer(AuctionTopology.SettlementQueue, limits, run.Log, run.Time)
        {
            StandsBy = true,
            Started = () =>
            {
                _takeOver = TakeOverAsync(lost);
                reading.TrySetResult();
            },
        };
        await Parts.RunAsync(
            stop,
            end => consumer.ConsumeAsync(connection, (batch, cancel) => StoreAsync(batch, deadLetters, cancel), end, lost),
            end => WaitForIdleAsync(reading.Task, end));
    }

    private async Task WaitForIdleAsync(Task reading, CancellationToken end)
    {
        await reading.WaitAsync(end);
        await _takeOver.WaitAsync(end);
        await workers.IdleAsync(run.Settings.Consumer.IdleExit ?? Timeout.InfiniteTimeSpan, end);
    }

    /// <summary>Takes over as soon as the queue is this program's, for sales may wait in the database while none comes. Tries until it succeeds.</summary>
    private async Task TakeOverAsync(CancellationToken lost)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var waiting = await store.TakeOverAsync(lost);
                if (waiting.Count > 0)
                {
                    run.Log.Information("{Count} sales of an earlier run wait to be settled.", waiting.Count);
                }

                workers.Load(waiting);
                started();
                return;
            }
            catch (IOException e)
            {
                run.Log.Error("{Text} Sales wait until it succeeds.", e.Message);
                await Task.Delay(_backoff.After(attempt), run.Time, lost);
            }
        }
    }

    private async Task StoreAsync(IReadOnlyList<Delivery> batch, DeadLetterPublisher deadLetters, CancellationToken cancel)
    {
        await _takeOver.WaitAsync(cancel);
        var sales = new List<SoldAuction>();
        foreach (var delivery in batch)
        {
            if (SoldAuction.TryRead(delivery.Body, out var sale, out var reason))
            {
                sales.Add(sale);
            }
            else
            {
                var now = run.Time.GetUtcNow();
                await deadLetters.PublishAsync(delivery, new ProcessingFailure(reason, Error: null, Attempts: 0, now, now), cancel);
                run.Log.Warning("Dead-lettered a message from {Queue}: {Reason}", delivery.Queue, reason);
                _deadLettered.Add(1);
            }
        }

        var added = await store.AddAsync(sales, cancel);
        workers.Add(added);
        _received.Add(batch.Count);
        _new.Add(added.Count);
        _repeated.Add(sales.Count - added.Count);
    }
}
