using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Acks many deliveries of a channel with one frame. Deliveries must be added in each channel's order, for an ack stands for
/// all before it. Not thread-safe.
/// </summary>
internal sealed class AckBatch(int prefetch, Func<CancellationToken, ValueTask> beforeAck)
{
    /// <summary>Well below the prefetch, so that the broker goes on sending while a batch fills.</summary>
    private readonly int _size = Math.Clamp(prefetch / 4, 1, 100);

    private readonly Dictionary<IChannel, ulong> _last = [];
    private int _count;

    public ValueTask AddAsync(Delivery delivery, bool now, CancellationToken cancel)
    {
        _last[delivery.Channel] = delivery.Tag;
        return ++_count >= _size || now ? FlushAsync(cancel) : ValueTask.CompletedTask;
    }

    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (_count == 0)
        {
            return;
        }

        await beforeAck(cancel);
        foreach (var (channel, tag) in _last)
        {
            await channel.BasicAckAsync(tag, multiple: true, cancel);
        }

        _last.Clear();
        _count = 0;
    }
}
