using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Acks many deliveries of a channel with one frame, and counts them once they are acked. Deliveries must be added in each channel's
/// order, because an ack covers all before it. Not thread-safe.
/// </summary>
/// <param name="prefetch">How many unacked messages the broker sends to a channel.</param>
/// <param name="counts">Where received, handled, dead-lettered and unacked are counted.</param>
/// <param name="commit">Called before the acks: when it returns, what the deliveries caused is durable.</param>
/// <param name="time">The clock.</param>
internal sealed class AckBatch(int prefetch, Counts counts, Func<CancellationToken, ValueTask> commit, TimeProvider time)
{
    private static readonly TimeSpan AckTimeout = TimeSpan.FromMilliseconds(300);

    /// <summary>Half the prefetch of each channel, so that the broker goes on sending while a batch fills.</summary>
    private readonly int _size = Math.Clamp(prefetch / 2, 1, 500);

    private readonly Dictionary<IChannel, (ulong Last, int Handled, int DeadLettered)> _channels = [];
    private int _unacked;

    /// <summary>Counts a delivery as received; it stays unacked until its batch goes out.</summary>
    public void Receive()
    {
        counts.Received.Add(1);
        _unacked++;
    }

    /// <summary>Adds a delivery that was processed.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="isHandled">Whether it was handled; otherwise it is in the dead letters.</param>
    /// <param name="now">Whether its ack may not wait for others.</param>
    /// <param name="cancel">Cancels the commit.</param>
    public ValueTask AddAsync(Delivery delivery, bool isHandled, bool now, CancellationToken cancel)
    {
        var (_, handled, deadLettered) = _channels.GetValueOrDefault(delivery.Channel);
        (handled, deadLettered) = isHandled ? (handled + 1, deadLettered) : (handled, deadLettered + 1);
        _channels[delivery.Channel] = (delivery.Tag, handled, deadLettered);
        return handled + deadLettered >= _size || now ? FlushAsync(cancel) : ValueTask.CompletedTask;
    }

    /// <summary>Commits and acks all that was added.</summary>
    /// <param name="cancel">Cancels the commit. What is committed is acked in any case, if the connection takes the acks in time.</param>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (_channels.Count == 0)
        {
            return;
        }

        await commit(cancel);
        using var timeout = new CancellationTokenSource(AckTimeout, time);
        foreach (var (channel, (last, handled, deadLettered)) in _channels)
        {
            await channel.BasicAckAsync(last, multiple: true, timeout.Token);
            _channels.Remove(channel);
            _unacked -= handled + deadLettered;
            counts.Handled.Add(handled);
            counts.DeadLettered.Add(deadLettered);
        }
    }

    /// <summary>Counts what was received and not acked: RabbitMQ delivers it again.</summary>
    /// <returns>How many they are.</returns>
    public int Abandon()
    {
        counts.Unacked.Add(_unacked);
        return _unacked;
    }
}
