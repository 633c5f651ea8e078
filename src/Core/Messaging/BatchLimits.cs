using System.Threading.Channels;

namespace AuctionTracker.Core.Messaging;

/// <summary>How batches are formed, and when there are no more.</summary>
/// <param name="Size">Largest number of messages in a batch. A consumer prefetches twice as many. From 1 to 32,767.</param>
/// <param name="Wait">How long a batch waits for more messages after its first one.</param>
/// <param name="Count">Number of messages after which there are no more; <see langword="null"/>: there is no such number.</param>
/// <param name="IdleExit">Time without a message after which there are no more; <see langword="null"/>: there is no such time.</param>
public sealed record BatchLimits(int Size, TimeSpan Wait, int? Count, TimeSpan? IdleExit)
{
    /// <summary>Reads the next batch.</summary>
    /// <typeparam name="T">The type of a message.</typeparam>
    /// <param name="messages">The messages.</param>
    /// <param name="written">The number of messages in the batches before.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends the waiting; what was gathered is returned.</param>
    /// <returns>The batch. It is empty after a stop request, when the count is reached, or when no message came for the idle time.</returns>
    public async Task<List<T>> NextAsync<T>(ChannelReader<T> messages, int written, TimeProvider time, CancellationToken stop)
    {
        var size = Math.Min(Size, Count - written ?? Size);
        var batch = new List<T>();
        if (size == 0 || !await HasNextAsync(messages, IdleExit ?? Timeout.InfiniteTimeSpan, time, stop))
        {
            return batch;
        }

        var start = time.GetTimestamp();
        do
        {
            while (batch.Count < size && messages.TryRead(out var message))
            {
                batch.Add(message);
            }
        }
        while (batch.Count < size && Wait - time.GetElapsedTime(start) is { Ticks: > 0 } left && await HasNextAsync(messages, left, time, stop));

        return batch;
    }

    private static async Task<bool> HasNextAsync<T>(ChannelReader<T> messages, TimeSpan wait, TimeProvider time, CancellationToken stop)
    {
        try
        {
            return await messages.WaitToReadAsync(stop).AsTask().WaitAsync(wait, time, CancellationToken.None);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
