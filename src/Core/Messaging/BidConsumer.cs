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
    /// <summary>After a stop request, how long the last commit may wait for its turn and for another try.</summary>
    private static readonly TimeSpan LastCommit = TimeSpan.FromMilliseconds(300);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    /// <summary>Handles a bid; when it returns, what the bid caused is durable.</summary>
    /// <param name="bid">The bid.</param>
    /// <param name="delivery">The message it came in.</param>
    /// <param name="cancel">Cancelled when the connection is gone, or some time after the program was asked to stop: then the
    /// bid may be left, it is delivered again. An <see cref="IOException"/> or <see cref="TimeoutException"/> means that it
    /// may work the next time: the handler is called again for the same delivery, a few times, with growing pauses. After
    /// that, and for any other exception at once, the bid goes to the dead letters with the exception's message.</param>
    public delegate ValueTask Handler(Bid bid, Delivery delivery, CancellationToken cancel);

    /// <summary>Called for each message that went to the dead letters, before it is acked; one call at a time.</summary>
    public Action<Delivery, Failure>? DeadLettered { get; set; }

    /// <summary>
    /// Consumes until <paramref name="stop"/>, until the settings' count is reached, or until nothing came for their idle
    /// time. Acks what was handled, and gives the rest back to its queue.
    /// </summary>
    /// <param name="connection">An open connection; what is opened here ends with it.</param>
    /// <param name="queues">The queues, which are declared.</param>
    /// <param name="handle">Called for each bid, one at a time.</param>
    /// <param name="stop">Asks for the end.</param>
    /// <param name="lost">Cancelled when the connection is gone.</param>
    /// <param name="commit">Called before messages are acked: when it returns, what their handling caused is durable. Where it
    /// fails with an <see cref="IOException"/>, nothing is acked, and it is called again for as long as it takes.</param>
    public async Task ConsumeAsync(
        IConnection connection, IEnumerable<string> queues, Handler handle, CancellationToken stop, CancellationToken lost,
        Func<CancellationToken, ValueTask>? commit = null)
    {
        // Prefetch bounds what waits here: the broker sends no more until something is acked.
        var lane = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
        var acks = new AckBatch(settings.Prefetch, counts, cancel => CommitAsync(commit, cancel), time);
        var deadLetters = await DeadLetters.OpenAsync(connection, program, lost);
        foreach (var queue in queues)
        {
            await SubscribeAsync(connection, queue, lane.Writer, lost);
        }

        try
        {
            await ReadAsync(lane.Reader, handle, deadLetters, acks, stop, lost);

            // A consumer that ends by itself is in no hurry: a commit may take as long as it takes.
            using var hurry = new CancellationTokenSource(LastCommit, time);
            await acks.FlushAsync(stop.IsCancellationRequested ? hurry.Token : lost);
        }
        finally
        {
            if (acks.Abandon() is > 0 and var unacked && stop.IsCancellationRequested)
            {
                log.Warning("Left unacked: {Count}. RabbitMQ delivers them again.", unacked);
            }
        }
    }

    private async Task ReadAsync(
        ChannelReader<Delivery> lane, Handler handle, DeadLetters deadLetters, AckBatch acks, CancellationToken stop, CancellationToken lost)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        try
        {
            while (!IsEnough && await NextAsync(lane, acks, ending.Token, lost) is { } delivery)
            {
                await ProcessAsync(delivery, handle, deadLetters, acks, ending.Token, lost);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop: a bid whose handler did not return in time stays unacked, and is delivered again.
        }
    }

    private async ValueTask CommitAsync(Func<CancellationToken, ValueTask>? commit, CancellationToken cancel)
    {
        for (var attempt = 1; commit is not null; attempt++)
        {
            try
            {
                await commit(cancel);
                return;
            }
            catch (IOException e)
            {
                var pause = _backoff.After(attempt);
                log.Error("{Text} No bid is acked meanwhile. Next try in {Seconds:0.0} s.", e.Message, pause.TotalSeconds);
                await Task.Delay(pause, time, cancel);
            }
        }
    }

    /// <summary>What is left unacked when a connection is lost is delivered again, and does not count twice.</summary>
    private bool IsEnough => settings.Count is { } count && counts.Received.Value - counts.Unacked.Value >= count;

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

    private async ValueTask ProcessAsync(
        Delivery delivery, Handler handle, DeadLetters deadLetters, AckBatch acks, CancellationToken ending, CancellationToken lost)
    {
        acks.Receive();
        var handling = delivery.Bid is { } bid ? HandleAsync(bid, delivery, handle, ending, lost) : Refuse(delivery);
        var hadEffect = !handling.IsCompletedSuccessfully;
        var failure = await handling;
        if (failure is not null)
        {
            await deadLetters.PutAsync(delivery, failure, lost);
            log.Warning("Dead-lettered a message from {Queue}: {Reason}", delivery.Queue, failure.Reason);
            DeadLettered?.Invoke(delivery, failure);
        }

        // Acks go out in batches, but what a handler waited for (a mail, a file) would be done twice if its ack were lost.
        await acks.AddAsync(delivery, isHandled: failure is null, now: hadEffect || failure is not null, lost);
    }

    private ValueTask<Failure?> Refuse(Delivery delivery) =>
        new(new Failure(delivery.Refusal!, Error: null, Attempts: 0, time.GetUtcNow(), time.GetUtcNow()));

    private async ValueTask<Failure?> HandleAsync(
        Bid bid, Delivery delivery, Handler handle, CancellationToken ending, CancellationToken lost)
    {
        DateTimeOffset? first = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // Not the stop's token: a mail half sent is better finished than sent twice.
                await handle(bid, delivery, lost);
                return null;
            }
            catch (Exception e) when (e is not OperationCanceledException || !lost.IsCancellationRequested)
            {
                // Whatever a handler fails with, the bid is kept with the reason, and the next one has its turn.
                var now = time.GetUtcNow();
                first ??= now;
                if (attempt == settings.Attempts || e is not (IOException or TimeoutException))
                {
                    return new Failure(e.Message, e.GetType().Name, attempt, first.Value, now);
                }

                var pause = _backoff.After(attempt);
                log.Warning("{Text} Try {Next} of {All} in {Seconds:0.0} s.", e.Message, attempt + 1, settings.Attempts, pause.TotalSeconds);
                await Task.Delay(pause, time, ending);
            }
        }
    }
}
