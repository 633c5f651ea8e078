using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Live;

/// <summary>The figures of an auction. Not thread-safe.</summary>
/// <param name="id">The auction.</param>
/// <param name="hash">The hash of its id.</param>
internal sealed class AuctionFigures(string id, ulong hash)
{
    private SlicedCount _minute;
    private SlicedCount _tenMinutes;
    private SlicedCount _hour;
    private (DateTimeOffset Time, string MessageId) _openingKey = (DateTimeOffset.MaxValue, "");
    private (DateTimeOffset Time, string MessageId) _winningKey;
    private decimal _opening;
    private DateTimeOffset _firstBid = DateTimeOffset.MaxValue;
    private DateTimeOffset _lastBid;

    public string Id => id;

    public ulong Hash => hash;

    public long Bids { get; private set; }

    public int Bidders { get; set; }

    /// <summary>The item of the highest bid.</summary>
    public string Item { get; private set; } = "";

    /// <summary>The highest bid; of equal ones the earlier by its own time, then the one with the lower id.</summary>
    public decimal Winning { get; private set; }

    public string Winner { get; private set; } = "";

    /// <summary>When the latest bid arrived.</summary>
    public DateTimeOffset LastArrival { get; private set; }

    public void Add(Bid bid, string messageId, DateTimeOffset arrived)
    {
        var key = (bid.Timestamp, messageId);
        Bids++;
        if (bid.Amount > Winning || (bid.Amount == Winning && IsBefore(key, _winningKey)))
        {
            (Winning, Winner, Item, _winningKey) = (bid.Amount, bid.BidderId, bid.Item, key);
        }

        if (IsBefore(key, _openingKey))
        {
            (_opening, _openingKey) = (bid.Amount, key);
        }

        _firstBid = bid.Timestamp < _firstBid ? bid.Timestamp : _firstBid;
        _lastBid = bid.Timestamp > _lastBid ? bid.Timestamp : _lastBid;
        LastArrival = arrived > LastArrival ? arrived : LastArrival;
        _minute.Add(SliceOf(arrived, HotWindow.Minute));
        _tenMinutes.Add(SliceOf(arrived, HotWindow.TenMinutes));
        _hour.Add(SliceOf(arrived, HotWindow.Hour));
    }

    /// <summary>The bids that arrived in the window that is current.</summary>
    public int RecentBids(HotWindow window, DateTimeOffset now) => window switch
    {
        HotWindow.Minute => _minute.CountAt(SliceOf(now, window)),
        HotWindow.TenMinutes => _tenMinutes.CountAt(SliceOf(now, window)),
        _ => _hour.CountAt(SliceOf(now, window)),
    };

    public AuctionRow ToRow() => new(id, Item, Bids, Bidders, _firstBid, _lastBid, Cents(_opening), Cents(Winning), Winner, LastArrival);

    private static long SliceOf(DateTimeOffset time, HotWindow window) =>
        (long)Math.Floor(time.ToUnixTimeSeconds() / (double)((int)window / SlicedCount.Slices));

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);

    private static bool IsBefore((DateTimeOffset Time, string MessageId) a, (DateTimeOffset Time, string MessageId) b) =>
        a.Time != b.Time ? a.Time < b.Time : string.CompareOrdinal(a.MessageId, b.MessageId) < 0;
}

/// <summary>A window of the busiest auctions. Its last tenth is the current one, aligned to the clock. Values are seconds.</summary>
public enum HotWindow
{
    /// <summary>A minute, in steps of six seconds.</summary>
    Minute = 60,

    /// <summary>Ten minutes, in steps of a minute.</summary>
    TenMinutes = 600,

    /// <summary>An hour, in steps of six minutes.</summary>
    Hour = 3600,
}
