using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Acks many deliveries of a channel with one frame, and counts them once they are acked. While one batch is committed, the next one
/// fills. An ack covers all earlier deliveries of its channel, so add them in the channel's order. Not thread-safe.
/// </summary>
/// <param name="channel">The channel of the deliveries.</param>
/// <param name="prefetch">How many unacked messages the broker sends for a queue.</param>
/// <param name="counts">Counts the deliveries as received, and then as handled, dead-lettered or unacked.</param>
/// <param name="commit">Called before the acks; when its task completes, the effects of the deliveries that were added before the call are
/// durable. It has one caller at a time.</param>
/// <param name="time">The clock.</param>
internal sealed class AckBatch(IChannel channel, int prefetch, Counts counts, Func<CancellationToken, ValueTask> commit, TimeProvider time)
{
    private static readonly TimeSpan AckTimeout = TimeSpan.FromMilliseconds(300);

    /// <summary>Half the prefetch, so that the broker goes on sending while a batch fills.</summary>
    private readonly int _size = Math.Clamp(prefetch / 2, 1, 500);

    private (ulong LastTag, int Handled, int DeadLettered) _filling;
    private Task _flush = Task.CompletedTask;
    private int _received;
    private int _acked;

    /// <summary>Whether deliveries were added that are not acked yet, or could not be.</summary>
    public bool HasPending => _filling.LastTag > 0 || !_flush.IsCompletedSuccessfully;

    /// <summary>Counts a delivery as received. It is unacked until its batch is flushed.</summary>
    public void CountReceived()
    {
        counts.Received.Add(1);
        _received++;
    }

    /// <summary>Adds a processed delivery. Begins to flush the batch when it is full, or later, if the one before is not flushed yet.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="isHandled">True if its handler succeeded, false if it was dead-lettered.</param>
    /// <param name="flush">Whether to flush the batch even if it is not full, and to wait for the ack.</param>
    /// <param name="cancel">Cancels the commit.</param>
    public ValueTask AddAsync(Delivery delivery, bool isHandled, bool flush, CancellationToken cancel)
    {
        var (_, handled, deadLettered) = _filling;
        _filling = isHandled ? (delivery.Tag, handled + 1, deadLettered) : (delivery.Tag, handled, deadLettered + 1);
        if (flush)
        {
            return FlushAsync(cancel);
        }

        if (handled + deadLettered + 1 >= _size)
        {
            _ = BeginFlush(cancel); // the next one throws its error
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Begins to flush what was added, unless a flush is in progress or has failed.</summary>
    /// <param name="cancel">Cancels the commit.</param>
    /// <returns>The flush that began, is in progress, or has failed.</returns>
    public Task BeginFlush(CancellationToken cancel)
    {
        if (_flush.IsCompletedSuccessfully && _filling.LastTag > 0)
        {
            (var batch, _filling) = (_filling, default);
            _flush = CommitAndAckAsync(batch.LastTag, batch.Handled, batch.DeadLettered, cancel);
        }

        return _flush;
    }

    /// <summary>Commits, then acks every delivery that was added.</summary>
    /// <param name="cancel">Cancels the commit, but not the acks after it: those only time out.</param>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        await _flush;
        await BeginFlush(cancel);
    }

    /// <summary>
    /// Waits for a flush in progress, successful or not, and counts the deliveries that were received and not acked. Call it once, at the
    /// end: RabbitMQ redelivers them.
    /// </summary>
    /// <returns>How many they are.</returns>
    public async ValueTask<int> CountUnackedAsync()
    {
        await _flush.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        counts.Unacked.Add(_received - _acked);
        return _received - _acked;
    }

    private async Task CommitAndAckAsync(ulong lastTag, int handled, int deadLettered, CancellationToken cancel)
    {
        await commit(cancel);
        using var timeout = new CancellationTokenSource(AckTimeout, time);
        await channel.BasicAckAsync(lastTag, multiple: true, timeout.Token);
        _acked += handled + deadLettered;
        counts.Handled.Add(handled);
        counts.DeadLettered.Add(deadLettered);
    }
}
