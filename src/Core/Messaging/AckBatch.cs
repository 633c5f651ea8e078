using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Acks many deliveries of a channel with one frame, and counts them once they are acked. An ack covers all earlier deliveries of its
/// channel, so add them in each channel's order. Not thread-safe.
/// </summary>
/// <param name="prefetch">How many unacked messages the broker sends to a channel.</param>
/// <param name="counts">Counts the deliveries as received, and then as handled, dead-lettered or unacked.</param>
/// <param name="commit">Called before the acks; when it returns, the effects of the deliveries are durable.</param>
/// <param name="time">The clock.</param>
internal sealed class AckBatch(int prefetch, Counts counts, Func<CancellationToken, ValueTask> commit, TimeProvider time)
{
    private static readonly TimeSpan AckTimeout = TimeSpan.FromMilliseconds(300);

    /// <summary>Half the prefetch, so that the broker goes on sending while a batch fills.</summary>
    private readonly int _size = Math.Clamp(prefetch / 2, 1, 500);

    private readonly Dictionary<IChannel, (ulong LastTag, int Handled, int DeadLettered)> _pending = [];
    private int _unacked;

    /// <summary>Whether deliveries were added that are not acked yet.</summary>
    public bool HasPending => _pending.Count > 0;

    /// <summary>Counts a delivery as received. It is unacked until its batch is flushed.</summary>
    public void CountReceived()
    {
        counts.Received.Add(1);
        _unacked++;
    }

    /// <summary>Adds a processed delivery, and flushes the batch when it is full.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="isHandled">True if its handler succeeded, false if it was dead-lettered.</param>
    /// <param name="flush">Whether to flush the batch even if it is not full.</param>
    /// <param name="cancel">Cancels the commit.</param>
    public ValueTask AddAsync(Delivery delivery, bool isHandled, bool flush, CancellationToken cancel)
    {
        var (_, handled, deadLettered) = _pending.GetValueOrDefault(delivery.Channel);
        (handled, deadLettered) = isHandled ? (handled + 1, deadLettered) : (handled, deadLettered + 1);
        _pending[delivery.Channel] = (delivery.Tag, handled, deadLettered);
        return flush || handled + deadLettered >= _size ? FlushAsync(cancel) : ValueTask.CompletedTask;
    }

    /// <summary>Commits, then acks every delivery that was added.</summary>
    /// <param name="cancel">Cancels the commit, but not the acks after it: those only time out.</param>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        await commit(cancel);
        using var timeout = new CancellationTokenSource(AckTimeout, time);
        foreach (var (channel, (lastTag, handled, deadLettered)) in _pending)
        {
            await channel.BasicAckAsync(lastTag, multiple: true, timeout.Token);
            _pending.Remove(channel);
            _unacked -= handled + deadLettered;
            counts.Handled.Add(handled);
            counts.DeadLettered.Add(deadLettered);
        }
    }

    /// <summary>Counts the deliveries that were received and not acked. Call it once, at the end: RabbitMQ redelivers them.</summary>
    /// <returns>How many they are.</returns>
    public int CountUnacked()
    {
        counts.Unacked.Add(_unacked);
        return _unacked;
    }
}
