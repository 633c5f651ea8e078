using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Serilog;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Consumes one queue as its only consumer, and hands its messages over in batches, in order. A batch is acked after it was written. If it
/// can't be written, it goes back to the queue with all that was prefetched, and the consumer is cancelled until the next attempt: a
/// consumer that holds deliveries for half an hour is closed by RabbitMQ. One call at a time.
/// </summary>
/// <param name="queue">The queue; it must be declared.</param>
/// <param name="limits">The size of batches, and when to end.</param>
/// <param name="log">Gets a line when writing fails, and one when it succeeds again.</param>
/// <param name="time">The clock.</param>
public sealed class BatchConsumer(string queue, BatchLimits limits, ILogger log, TimeProvider time)
{
    /// <summary>A program that was killed a moment ago may still count as the queue's consumer.</summary>
    private static readonly TimeSpan ExclusivePatience = TimeSpan.FromSeconds(3);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private readonly Backoff _exclusiveBackoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
    private int _written;
    private int _failures;
    private bool _hasConsumed;
    private bool _isStandingBy;

    /// <summary>Whether it waits while another program reads the queue, instead of ending. <see langword="false"/> by default.</summary>
    public bool StandsBy { get; init; }

    /// <summary>Called each time when it has become the queue's consumer, before the first batch is written.</summary>
    public Action Started { get; init; } = () => { };

    /// <summary>Writes a batch. When its task completes, the batch is durable.</summary>
    /// <param name="batch">The messages, at least one. They are valid until the task completes.</param>
    /// <param name="cancel">Cancelled when the connection is lost, and 1.2 s after a stop request.</param>
    /// <exception cref="IOException">The batch can't be written now.</exception>
    public delegate Task Writer(IReadOnlyList<Delivery> batch, CancellationToken cancel);

    /// <summary>Consumes until <paramref name="stop"/>, until the count, or until no message came for the idle time.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="write">Writes a batch.</param>
    /// <param name="stop">Requests the end; what was gathered is still written.</param>
    /// <param name="lost">Cancelled when the connection is lost.</param>
    /// <exception cref="BrokerException">Another program consumes the queue.</exception>
    public async Task ConsumeAsync(IConnection connection, Writer write, CancellationToken stop, CancellationToken lost)
    {
        using var stopOrLost = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        while (!await ConsumeUntilFailureAsync(connection, write, stopOrLost.Token, lost))
        {
            await Task.Delay(_backoff.After(_failures), time, stopOrLost.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lost.ThrowIfCancellationRequested();
        }

        // Waiting ends in the same way for a stop request and for a lost connection, after which the caller reconnects.
        if (!stop.IsCancellationRequested)
        {
            lost.ThrowIfCancellationRequested();
        }
    }

    /// <returns>False if a batch could not be written.</returns>
    private async Task<bool> ConsumeUntilFailureAsync(IConnection connection, Writer write, CancellationToken stopOrLost, CancellationToken lost)
    {
        var deliveries = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
        var channel = await SubscribeAsync(connection, deliveries.Writer, stopOrLost, lost);
        await using var closing = channel;
        while (channel is not null && await limits.NextAsync(deliveries.Reader, _written, time, stopOrLost) is { Count: > 0 } batch)
        {
            try
            {
                await write(batch, lost);
            }
            catch (IOException e)
            {
                LogFailure(e);
                await channel.CloseAsync(lost); // gives back what is not acked
                return false;
            }

            await channel.BasicAckAsync(batch[^1].Tag, multiple: true, lost);
            _written += batch.Count;
            batch.ForEach(delivery => delivery.ReleaseBody());
            LogSuccess();
        }

        return true;
    }

    private async Task<IChannel?> SubscribeAsync(
        IConnection connection, ChannelWriter<Delivery> deliveries, CancellationToken stopOrLost, CancellationToken lost)
    {
        var start = time.GetTimestamp();
        for (var attempt = 1; !stopOrLost.IsCancellationRequested; attempt++)
        {
            if (await TrySubscribeAsync(connection, deliveries, lost) is { } channel)
            {
                (_hasConsumed, _isStandingBy) = (true, false);
                Started();
                return channel;
            }

            if (!_hasConsumed && !_isStandingBy && time.GetElapsedTime(start) > ExclusivePatience)
            {
                _isStandingBy = StandsBy
                    ? true
                    : throw new BrokerException($"Another program reads {queue}. End it, or give this one a name of its own.");
                log.Information("Another program reads {Queue}. This one stands by, and goes on when the other one ends.", queue);
            }

            await Task.Delay(_exclusiveBackoff.After(attempt), time, stopOrLost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <returns><see langword="null"/> if another consumer reads the queue.</returns>
    private async Task<IChannel?> TrySubscribeAsync(IConnection connection, ChannelWriter<Delivery> deliveries, CancellationToken lost)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        try
        {
            await channel.BasicQosAsync(prefetchSize: 0, (ushort)(2 * limits.Size), global: false, lost);

            // A classic queue refuses a second consumer. A quorum queue does not, so the consumers are counted before this one is added.
            if ((await channel.QueueDeclarePassiveAsync(queue, lost)).ConsumerCount == 0)
            {
                await channel.BasicConsumeAsync(
                    queue, autoAck: false, consumerTag: "", noLocal: false, exclusive: true, arguments: null,
                    new QueueConsumer(channel, queue, deliveries), lost);
                channel.ChannelShutdownAsync += (_, e) =>
                {
                    deliveries.TryComplete(new IOException(e.ReplyText));
                    return Task.CompletedTask;
                };
                return channel;
            }
        }
        catch (OperationInterruptedException e) when (IsInExclusiveUse(e))
        {
            // Another one was quicker.
        }

        await channel.DisposeAsync();
        return null;
    }

    private static bool IsInExclusiveUse(OperationInterruptedException e) =>
        e.ShutdownReason is { ReplyCode: 403 } reason && reason.ReplyText.Contains("exclusive use", StringComparison.Ordinal);

    private void LogFailure(IOException e)
    {
        if (_failures++ == 0)
        {
            log.Error("{Text} Its queue {Queue} keeps the bids until it can.", e.Message, queue);
        }
    }

    private void LogSuccess()
    {
        if (_failures > 0)
        {
            log.Information("Writing succeeds again; {Queue} is read.", queue);
            _failures = 0;
        }
    }
}
