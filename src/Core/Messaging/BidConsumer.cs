using System.Threading.Channels;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Settings;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Serilog;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Reads bids from queues, one channel a queue, and hands them to one handler, one bid at a time, in each queue's order. A
/// message is acked only after its handler returned, or after the dead letters have confirmed it; what is neither is
/// delivered again.
/// </summary>
/// <param name="settings">Prefetch, and when to end by itself.</param>
/// <param name="program">The program's name, for the dead letters.</param>
/// <param name="counts">Where received, handled and dead-lettered are counted.</param>
/// <param name="log">Gets a line for each message that is dead-lettered.</param>
/// <param name="time">The clock.</param>
public sealed class BidConsumer(ConsumerSettings settings, string program, Counts counts, ILogger log, TimeProvider time)
{
    /// <summary>Handles a bid; when it returns, what the bid caused is durable.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="delivery">The message it came in.</param>
    /// <param name="cancel">Cancelled when the connection is gone, or some time after the program was asked to stop: then the
    /// bid may be left, it is delivered again. Any other exception sends the bid to the dead letters, with the exception's
    /// message as the reason.</param>
    public delegate ValueTask Handler(Bid bid, Delivery delivery, CancellationToken cancel);

    /// <summary>
    /// Consumes until <paramref name="stop"/>, until the settings' count is reached, or until nothing came for their idle
    /// time. Acks what was handled, and gives the rest back to its queue.
    /// </summary>
    /// <param name="connection">An open connection; what is opened here ends with it.</param>
    /// <param name="queues">The queues, which are declared.</param>
    /// <param name="handle">Called for each bid, one at a time.</param>
    /// <param name="stop">Asks for the end.</param>
    /// <param name="lost">Cancelled when the connection is gone.</param>
    public async Task ConsumeAsync(
        IConnection connection, IEnumerable<string> queues, Handler handle, CancellationToken stop, CancellationToken lost)
    {
        // Prefetch bounds what waits here: the broker sends no more until something is acked.
        var lane = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
        var acks = new AckBatch(settings.Prefetch);
        var deadLetters = await DeadLetters.OpenAsync(connection, program, time, lost);
        foreach (var queue in queues)
        {
            await SubscribeAsync(connection, queue, lane.Writer, lost);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        try
        {
            while (!IsEnough && await NextAsync(lane.Reader, acks, ending.Token, lost) is { } delivery)
            {
                await DealWithAsync(delivery, handle, deadLetters, acks, lost);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: a bid whose handler did not return in time stays unacked, and is delivered again.
        }

        using var patience = new CancellationTokenSource(LastAcks, time);
        await acks.FlushAsync(patience.Token);
    }

    private static readonly TimeSpan LastAcks = TimeSpan.FromMilliseconds(300);

    private bool IsEnough => settings.Count is { } count && counts.Received.Value >= count;

    private async Task SubscribeAsync(
        IConnection connection, string queue, ChannelWriter<Delivery> lane, CancellationToken lost)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)settings.Prefetch, global: false, lost);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            // The body's memory is the library's again when this returns: parse and copy here.
            lane.TryWrite(new Delivery(channel, e.DeliveryTag, queue, e.Exchange, e.RoutingKey, e.BasicProperties, e.Body.ToArray()));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            lane.TryComplete(new IOException($"queue {queue} went away"));
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, e) =>
        {
            lane.TryComplete(new IOException(e.ReplyText));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, lost);
    }

    /// <summary>The next delivery, or <see langword="null"/> where nothing came for the idle time.</summary>
    private async ValueTask<Delivery?> NextAsync(
        ChannelReader<Delivery> lane, AckBatch acks, CancellationToken ending, CancellationToken lost)
    {
        ending.ThrowIfCancellationRequested();
        if (lane.TryRead(out var delivery))
        {
            return delivery;
        }

        await acks.FlushAsync(lost);
        var next = lane.ReadAsync(ending).AsTask();
        try
        {
            return await (settings.IdleExit is { } idle ? next.WaitAsync(idle, time, CancellationToken.None) : next);
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (ChannelClosedException e) when (e.InnerException is { } cause)
        {
            throw cause;
        }
    }

    private async ValueTask DealWithAsync(
        Delivery delivery, Handler handle, DeadLetters deadLetters, AckBatch acks, CancellationToken lost)
    {
        var reason = delivery.Refusal;
        var hadEffect = false;
        if (delivery.Bid is { } bid)
        {
            try
            {
                // Not the stop's token: a mail half sent is better finished than sent twice.
                var handling = handle(bid, delivery, lost);
                hadEffect = !handling.IsCompletedSuccessfully;
                await handling;
            }
            catch (Exception e) when (e is not OperationCanceledException || !lost.IsCancellationRequested)
            {
                // Whatever a handler can fail with, the bid is kept with the reason, and the next one has its turn.
                reason = e.Message;
            }
        }

        if (reason is not null)
        {
            await deadLetters.PutAsync(delivery, reason, lost);
            log.Warning("Dead-lettered a message from {Queue}: {Reason}", delivery.Queue, reason);
        }

        // Acks go out in batches, but what a handler waited for (a mail, a file) would be done twice if its ack were lost.
        await acks.AddAsync(delivery, now: hadEffect || reason is not null, lost);
        counts.Received.Add(1);
        (reason is null ? counts.Handled : counts.DeadLettered).Add(1);
    }
}
