using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>Bids in the order and at the pace of their times.</summary>
/// <param name="bids">The bids, by their time; each holds one.</param>
/// <param name="speed">How much faster than life; 0: without a wait.</param>
/// <param name="time">The clock.</param>
internal sealed class Playback(IReadOnlyList<BidMessage> bids, double speed, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private int _next;

    /// <summary>The bids not taken yet. Enumerating again goes on where the last enumeration was left.</summary>
    public async IAsyncEnumerable<BidMessage> Rest(CancellationToken stop, [EnumeratorCancellation] CancellationToken lost)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        while (_next < bids.Count && !stop.IsCancellationRequested)
        {
            if (speed > 0 && UntilNext() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, wake.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lost.ThrowIfCancellationRequested();
                continue;
            }

            yield return bids[_next++];
        }
    }

    /// <summary>At most an hour at a time, which every timer can wait.</summary>
    private TimeSpan UntilNext()
    {
        var due = (bids[_next].Bid!.Timestamp - bids[0].Bid!.Timestamp).TotalSeconds / speed;
        return TimeSpan.FromSeconds(Math.Min(due - time.GetElapsedTime(_start).TotalSeconds, 3600));
    }
}
