using Serilog;

namespace AuctionTracker.Sales.Auctions;

/// <summary>
/// The messages that Auctioneer sends itself: when one comes back, all bids that came before it was sent are read. One is on its way at a time.
/// Thread-safe.
/// </summary>
/// <param name="log">Gets a line when the clock was set back.</param>
/// <param name="time">The clock.</param>
public sealed class ClockMessages(ILogger log, TimeProvider time)
{
    private const string Prefix = "auction-clock-";

    /// <summary>A message that does not come back was lost with its queue, for it is not durable, or many bids wait before it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    /// <summary>Clocks are corrected by fractions of a second all the time.</summary>
    private static readonly TimeSpan Correction = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _onTheirWay = [];
    private DateTimeOffset? _newest;
    private DateTimeOffset _last = DateTimeOffset.UnixEpoch;

    /// <summary>Whether an id is that of a clock message, of this program or of an earlier one.</summary>
    /// <param name="id">The id of a message.</param>
    public static bool IsOne(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Starts the next message.</summary>
    /// <returns>Its id; <see langword="null"/> while one is on its way.</returns>
    public string? Next()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now < _last - Correction)
            {
                log.Warning("This machine's clock was set back by {Seconds:0} s. Auctions close when it has caught up.", (_last - now).TotalSeconds);
            }

            if (_newest is { } newest && now >= newest && now - newest < MaxAge)
            {
                return null;
            }

            (_newest, _last) = (now, now);
            var id = $"{Prefix}{Guid.NewGuid():n}";
            _onTheirWay.Add(id, now);
            return id;
        }
    }

    /// <summary>The queue is read anew: a message that was on its way may be lost, so the next one need not wait for it.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            _newest = null;
        }
    }

    /// <summary>Takes a message that came back.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>When it was sent; <see langword="null"/> if it is none that is on its way.</returns>
    public DateTimeOffset? Take(string id)
    {
        lock (_gate)
        {
            if (!_onTheirWay.TryGetValue(id, out var sent))
            {
                return null;
            }

            foreach (var (earlier, _) in _onTheirWay.Where(message => message.Value <= sent))
            {
                _onTheirWay.Remove(earlier);
            }

            _newest = sent >= _newest ? null : _newest;
            return sent <= time.GetUtcNow() ? sent : null; // one of before the clock was set back tells nothing
        }
    }
}
