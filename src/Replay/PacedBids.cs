using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>
/// Bids at the pace of their times. Each bid becomes one message, so that it keeps its <c>message_id</c> when it is sent again.
/// </summary>
/// <param name="bids">The bids.</param>
/// <param name="speed">How many times faster than real time; 0: without a wait.</param>
/// <param name="count">At most so many bids.</param>
/// <param name="time">The clock.</param>
internal sealed class PacedBids(IAsyncEnumerable<ReplayBid> bids, double speed, long count, TimeProvider time) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ReplayBid> _bids = bids.GetAsyncEnumerator();
    private Task<bool>? _reading;
    private ReplayBid? _next;
    private long _taken;
    private DateTimeOffset _firstBid;
    private long _start;

    /// <summary>The bids that are not taken yet. Enumerating again goes on where the last enumeration ended.</summary>
    /// <param name="stop">Ends the enumeration.</param>
    /// <param name="lost">Cancelled when the connection is gone: ends a wait with an exception.</param>
    public async IAsyncEnumerable<BidMessage> ReadAsync(CancellationToken stop, [EnumeratorCancellation] CancellationToken lost)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        while (!stop.IsCancellationRequested && _taken < count && await HasNextAsync(stop, lost, wake.Token))
        {
            if (speed > 0 && UntilNext() is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, wake.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lost.ThrowIfCancellationRequested();
                continue;
            }

            var message = BidMessage.Of(_next!.Value.Bid, time.GetUtcNow(), _next.Value.MessageId);
            _next = null;
            _taken++;
            yield return message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_reading is not null)
        {
            await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _bids.DisposeAsync();
    }

    /// <summary>Reads the next bid, unless it is read already. A read that outlasts a connection goes on in the next enumeration.</summary>
    private async ValueTask<bool> HasNextAsync(CancellationToken stop, CancellationToken lost, CancellationToken wake)
    {
        if (_next is not null)
        {
            return true;
        }

        _reading ??= _bids.MoveNextAsync().AsTask();
        if (!_reading.IsCompleted)
        {
            await ((Task)_reading).WaitAsync(wake).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lost.ThrowIfCancellationRequested();
        }

        if (stop.IsCancellationRequested || !await _reading)
        {
            return false;
        }

        _reading = null;
        _next = _bids.Current;
        if (_start == 0)
        {
            (_firstBid, _start) = (_next.Value.Bid.Timestamp, time.GetTimestamp());
        }

        return true;
    }

    /// <summary>At most an hour at a time, which every timer can wait.</summary>
    private TimeSpan UntilNext()
    {
        var due = (_next!.Value.Bid.Timestamp - _firstBid).TotalSeconds / speed;
        return TimeSpan.FromSeconds(Math.Min(due - time.GetElapsedTime(_start).TotalSeconds, 3600));
    }
}
