using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Acks many deliveries of a channel with one frame. Deliveries must be added in each channel's order, for an ack stands for
/// all before it. Not thread-safe.
/// </summary>
internal sealed class AckBatch(int prefetch, Func<CancellationToken, ValueTask> beforeAck)
{
    /// <summary>Of each channel half the prefetch, so that the broker goes on sending while a batch fills.</summary>
    private readonly int _size = Math.Clamp(prefetch / 2, 1, 500);

    private readonly Dictionary<IChannel, (ulong Last, int Count)> _channels = [];

    public ValueTask AddAsync(Delivery delivery, bool now, CancellationToken cancel)
    {
        var count = _channels.GetValueOrDefault(delivery.Channel).Count + 1;
        _channels[delivery.Channel] = (delivery.Tag, count);
        return count >= _size || now ? FlushAsync(cancel) : ValueTask.CompletedTask;
    }

    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (_channels.Count == 0)
        {
            return;
        }

        await beforeAck(cancel);
        foreach (var (channel, (last, _)) in _channels)
        {
            await channel.BasicAckAsync(last, multiple: true, cancel);
        }

        _channels.Clear();
    }
}
