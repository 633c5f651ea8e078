using System.Diagnostics;
using System.Threading.Channels;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Settings;
using RabbitMQ.Client;
using Serilog;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Consumes bids from queues on one channel, and calls one handler for one bid at a time, in each queue's order. A message
/// is acked only after its handler returned, or after the broker confirmed its dead letter. RabbitMQ redelivers the rest.
/// </summary>
/// <param name="settings">The prefetch, the attempts, and when to end without a stop request.</param>
/// <param name="program">The program's name, for the headers of dead letters.</param>
/// <param name="counts">Counts received, handled, dead-lettered and unacked deliveries.</param>
/// <param name="log">Gets a line for each failed attempt and each dead letter.</param>
/// <param name="time">The clock.</param>
public sealed class BidConsumer(ConsumerSettings settings, string program, Counts counts, ILogger log, TimeProvider time)
{
    /// <summary>After a stop request, how long the final commit may take, retries included.</summary>
    private static readonly TimeSpan FinalCommitTimeout = TimeSpan.FromMilliseconds(300);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    /// <summary>Handles a bid. When it returns, the effect of the bid is durable, or will be after the commit.</summary>
    /// <remarks>
    /// After an <see cref="IOException"/> or <see cref="TimeoutException"/> the handler is called again for the same delivery, with
    /// growing pauses, up to the attempts of the settings. After the last attempt, and after any other exception at once, the bid is
    /// dead-lettered with the exception's message.
    /// </remarks>
    /// <param name="bid">The bid.</param>
    /// <param name="delivery">The message that carried it.</param>
    /// <param name="cancel">Cancelled when the connection is lost, and 1.2 s after a stop request. A handler that throws
    /// <see cref="OperationCanceledException"/> then leaves its bid unacked, and RabbitMQ redelivers it.</param>
    public delegate ValueTask Handler(Bid bid, Delivery delivery, CancellationToken cancel);

    /// <summary>Called for each dead-lettered message before it is acked, one call at a time.</summary>
    public Action<Delivery, ProcessingFailure>? DeadLettered { get; set; }

    /// <summary>
    /// Consumes until <paramref name="stop"/>, until the count of the settings is reached, or until no message came for their idle
    /// time. Acks the deliveries it processed; the others go back to their queues when the connection closes.
    /// </summary>
    /// <param name="connection">An open connection. Closing it closes the channel opened here.</param>
    /// <param name="queues">The queues; they must be declared.</param>
    /// <param name="handle">Called for each bid, one at a time.</param>
    /// <param name="stop">Requests the end.</param>
    /// <param name="lost">Cancelled when the connection is lost.</param>
    /// <param name="commit">Called before messages are acked; when its task completes, the effects of the handlers that returned before the
    /// call are durable. Handlers run meanwhile, but not a second commit. After an <see cref="IOException"/> nothing is acked and it is
    /// called again, without a limit of attempts.</param>
    public async Task ConsumeAsync(
        IConnection connection, IEnumerable<string> queues, Handler handle, CancellationToken stop, CancellationToken lost,
        Func<CancellationToken, ValueTask>? commit = null)
    {
        // The prefetch bounds this channel: the broker sends no more until something is acked.
        var deliveries = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
        var deadLetters = await DeadLetterPublisher.OpenAsync(connection, program, lost);
        var channel = await SubscribeAsync(connection, queues, deliveries.Writer, lost);
        var acks = new AckBatch(channel, settings.Prefetch, counts, cancel => CommitAsync(commit, cancel), time);

        try
        {
            await ProcessAllAsync(deliveries.Reader, handle, deadLetters, acks, stop, lost);

            // Without a stop request nobody waits for the end: the final commit takes as long as it needs.
            using var timeout = new CancellationTokenSource(FinalCommitTimeout, time);
            await acks.FlushAsync(stop.IsCancellationRequested ? timeout.Token : lost);
        }
        finally
        {
            if (await acks.CountUnackedAsync() is > 0 and var unacked && stop.IsCancellationRequested)
            {
                log.Warning("Deliveries left unacked: {Count}. RabbitMQ redelivers them.", unacked);
            }
        }
    }

    private async Task ProcessAllAsync(
        ChannelReader<Delivery> deliveries, Handler handle, DeadLetterPublisher deadLetters, AckBatch acks, CancellationToken stop,
        CancellationToken lost)
    {
        using var stopOrLost = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        try
        {
            while (!IsCountReached && await NextAsync(deliveries, acks, stopOrLost.Token, lost) is { } delivery)
            {
                await ProcessAsync(delivery, handle, deadLetters, acks, stopOrLost.Token, lost);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A bid whose handler did not return within the grace period stays unacked.
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
                log.Error("{Text} No bid is acked until this succeeds. Next try in {Seconds:0.0} s.", e.Message, pause.TotalSeconds);
                await Task.Delay(pause, time, cancel);
            }
        }
    }

    /// <summary>A delivery that was unacked when a connection was lost is redelivered, and counts once here.</summary>
    private bool IsCountReached => settings.Count is { } count && counts.Received.Value - counts.Unacked.Value >= count;

    /// <summary>Consumes from all queues on one channel: the client library hands its deliveries over in one go, and one ack covers them.</summary>
    private async Task<IChannel> SubscribeAsync(
        IConnection connection, IEnumerable<string> queues, ChannelWriter<Delivery> deliveries, CancellationToken lost)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        channel.ChannelShutdownAsync += (_, e) =>
        {
            deliveries.TryComplete(new IOException(e.ReplyText));
            return Task.CompletedTask;
        };

        // Not global: the prefetch holds for each consumer, so for each queue.
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)settings.Prefetch, global: false, lost);
        foreach (var queue in queues)
        {
            await channel.BasicConsumeAsync(queue, autoAck: false, new QueueConsumer(channel, queue, deliveries), lost);
        }

        return channel;
    }

    /// <summary>The next delivery, or <see langword="null"/> when none came for the idle time.</summary>
    private async ValueTask<Delivery?> NextAsync(
        ChannelReader<Delivery> deliveries, AckBatch acks, CancellationToken stopOrLost, CancellationToken lost)
    {
        stopOrLost.ThrowIfCancellationRequested();
        if (deliveries.TryRead(out var delivery))
        {
            return delivery;
        }

        while (acks.HasPending)
        {
            var flush = acks.BeginFlush(lost);
            if (!flush.IsCompletedSuccessfully)
            {
                // The next deliveries are handled while the batch is committed.
                await await Task.WhenAny(flush, deliveries.WaitToReadAsync(stopOrLost).AsTask());
                if (deliveries.TryRead(out delivery))
                {
                    return delivery;
                }
            }
        }

        try
        {
            _ = settings.IdleExit is { } idle
                ? await deliveries.WaitToReadAsync(stopOrLost).AsTask().WaitAsync(idle, time, CancellationToken.None)
                : await deliveries.WaitToReadAsync(stopOrLost);

            // The deliveries end only with an error, which the wait throws.
            return deliveries.TryRead(out delivery) ? delivery : throw new UnreachableException();
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async ValueTask ProcessAsync(
        Delivery delivery, Handler handle, DeadLetterPublisher deadLetters, AckBatch acks, CancellationToken stopOrLost, CancellationToken lost)
    {
        acks.CountReceived();
        var handling = delivery.Bid is { } bid ? HandleAsync(bid, delivery, handle, stopOrLost, lost) : InvalidBody(delivery);
        var isAsynchronous = !handling.IsCompletedSuccessfully;
        var failure = await handling;
        if (failure is not null)
        {
            await deadLetters.PublishAsync(delivery, failure, lost);
            log.Warning("Dead-lettered a message from {Queue}: {Reason}", delivery.Queue, failure.Reason);
            DeadLettered?.Invoke(delivery, failure);
        }

        delivery.ReleaseBody();

        // Acks go out in batches. A handler that awaited something (a mail, a file) is acked at once: if the connection is lost
        // before the ack, its effect happens twice.
        await acks.AddAsync(delivery, isHandled: failure is null, flush: isAsynchronous || failure is not null, lost);
    }

    private ValueTask<ProcessingFailure?> InvalidBody(Delivery delivery) =>
        new(new ProcessingFailure(delivery.InvalidReason!, Error: null, Attempts: 0, time.GetUtcNow(), time.GetUtcNow()));

    private async ValueTask<ProcessingFailure?> HandleAsync(
        Bid bid, Delivery delivery, Handler handle, CancellationToken stopOrLost, CancellationToken lost)
    {
        DateTimeOffset? first = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A stop request does not cancel the handler: a mail cut off here would be sent again after the redelivery.
                await handle(bid, delivery, lost);
                return null;
            }
            catch (Exception e) when (e is not OperationCanceledException || !lost.IsCancellationRequested)
            {
                // Whatever the exception, the bid is kept with its reason and the next one is handled.
                var now = time.GetUtcNow();
                first ??= now;
                if (attempt == settings.Attempts || e is not (IOException or TimeoutException))
                {
                    return new ProcessingFailure(e.Message, e.GetType().Name, attempt, first.Value, now);
                }

                var pause = _backoff.After(attempt);
                log.Warning(
                    "{Text} Attempt {Next} of {All} in {Seconds:0.0} s.", e.Message, attempt + 1, settings.Attempts, pause.TotalSeconds);
                await Task.Delay(pause, time, stopOrLost);
            }
        }
    }
}
