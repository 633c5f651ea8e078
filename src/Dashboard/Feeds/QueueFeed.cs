using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>
/// Reads the bids of the broker from a queue of its own, which is bounded and goes away with the connection. Waits for a broker that is away.
/// </summary>
/// <param name="run">Settings, log and clock.</param>
/// <param name="feed">Gets the bids.</param>
/// <param name="record">Has the bids from before the queue was bound; <see langword="null"/>: none.</param>
internal sealed class QueueFeed(ProgramRun run, LiveFeed feed, RecordFeed? record)
{
    /// <summary>The most bids that wait in the queue; at 10,000 bids a second it is full after ten seconds.</summary>
    private const int MaxLength = 100_000;

    private static readonly BatchLimits Limits = new(500, TimeSpan.FromMilliseconds(100), Count: null, IdleExit: null);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private long _read;

    /// <summary>Reads until <paramref name="stop"/>.</summary>
    /// <exception cref="BrokerException">The broker refuses the login, the virtual host, a permission or a declaration.</exception>
    /// <exception cref="ProgramException">The record can't be read.</exception>
    public Task RunAsync(CancellationToken stop) => record is null ? ReadAsync(stop) : Parts.RunAsync(stop, ReadAsync, record.RunAsync);

    private Task ReadAsync(CancellationToken stop) => run.BrokerOf("live", prefetch: 2 * Limits.Size, waits: true).RunAsync(
        async (connection, lost) =>
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: lost);
            await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
            var (queue, dropped) = await AuctionTopology.DeclareViewerQueueAsync(channel, "dashboard", MaxLength, lost);
            feed.Connected();
            try
            {
                if (record is not null)
                {
                    // Not ended by a lost connection: a record that is read twice would count twice.
                    await record.ReadAsync(stop);
                }

                run.Log.Information("Reading the bids of RabbitMQ.");
                using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
                var watching = WatchAsync(channel, queue, dropped, end.Token);
                try
                {
                    await new BatchConsumer(queue, Limits, run.Log, run.Time).ConsumeAsync(connection, AddAsync, stop, lost);
                }
                finally
                {
                    await end.CancelAsync();
                    await watching;
                }
            }
            finally
            {
                feed.Disconnected();
            }
        }, stop);

    private Task AddAsync(IReadOnlyList<Delivery> batch, CancellationToken cancel)
    {
        var now = run.Time.GetUtcNow();
        record?.OnQueueBids(batch.Where(d => d.Bid is not null).Select(d => d.Id));
        feed.Add(batch.Where(d => d.Bid is not null).Select(d => LiveBid.Of(d.Id, d.Bid!, now)));
        if (batch.Where(d => d.Bid is null).ToList() is { Count: > 0 } unreadable)
        {
            unreadable.ForEach(d => run.Log.Warning("Message {Id} cannot be read as a bid: {Reason}", d.Id, d.InvalidReason));
            feed.AddUnreadable(unreadable.Count);
        }

        Interlocked.Add(ref _read, batch.Count);
        return Task.CompletedTask;
    }

    /// <summary>Looks how many bids wait, which takes their number by the pace of the last second, and whether one was dropped.</summary>
    private async Task WatchAsync(IChannel channel, string queue, string dropped, CancellationToken end)
    {
        using var timer = new PeriodicTimer(WatchInterval, run.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                var waiting = await channel.MessageCountAsync(queue, end);
                feed.IsBehind(WatchInterval * Math.Round(waiting / (double)Math.Max(Interlocked.Exchange(ref _read, 0), 1)));
                if (await channel.MessageCountAsync(dropped, end) > 0)
                {
                    feed.Dropped();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RabbitMQ.Client.Exceptions.AlreadyClosedException or RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            // The connection is lost or closed; the consumer says so.
        }
    }
}
