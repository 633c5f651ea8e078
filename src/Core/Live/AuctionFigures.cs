using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Live;

/// <summary>The figures of an auction. Not thread-safe.</summary>
/// <param name="id">The auction.</param>
/// <param name="hash">The hash of its id.</param>
internal sealed class AuctionFigures(string id, ulong hash)
{
    private const decimal TenThousandths = 10_000;

    /// <summary>A bid that arrives so long after it was made is of a replay.</summary>
    private static readonly TimeSpan ReplayLag = TimeSpan.FromHours(1);

    private SlicedCount _minute;
    private SlicedCount _tenMinutes;
    private SlicedCount _hour;
    private MessageKey _openingKey;
    private MessageKey _winningKey;
    private long _opening; // ten-thousandths: half of a decimal's size
    private long _winning;
    private long _firstBid = long.MaxValue; // ticks
    private long _lastBid;
    private long _lastArrival;
    private long _closes; // 0: not told

    public string Id => id;

    public ulong Hash => hash;

    public long Bids { get; private set; }

    public int Bidders { get; set; }

    /// <summary>The item of the highest bid.</summary>
    public string Item { get; private set; } = "";

    /// <summary>The highest bid; of equal ones the earlier by its own time, then the one with the lower id.</summary>
    public decimal Winning => _winning / TenThousandths;

    public string Winner { get; private set; } = "";

    /// <summary>When the latest bid arrived.</summary>
    public DateTimeOffset LastArrival => new(_lastArrival, TimeSpan.Zero);

    /// <param name="bid">The bid.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="arrived">When it arrived.</param>
    /// <param name="closes">When the auction closes; <see langword="null"/> if the bid does not say that.</param>
    /// <param name="item">The item's name, which many auctions share.</param>
    /// <param name="bidder">The bidder's id, which many bids share.</param>
    public void Add(Bid bid, string messageId, DateTimeOffset arrived, DateTimeOffset? closes, string item, string bidder)
    {
        _closes = _closes == 0 && closes is { } end ? end.UtcTicks : _closes;
        var key = new MessageKey(bid.Timestamp, messageId);
        var amount = (long)(bid.Amount * TenThousandths);
        if (amount > _winning || (amount == _winning && key.CompareTo(_winningKey) < 0))
        {
            (_winning, Winner, Item, _winningKey) = (amount, bidder, item, key);
        }

        if (Bids++ == 0 || key.CompareTo(_openingKey) < 0)
        {
            (_opening, _openingKey) = (amount, key);
        }

        _firstBid = Math.Min(_firstBid, bid.Timestamp.UtcTicks);
        _lastBid = Math.Max(_lastBid, bid.Timestamp.UtcTicks);
        _lastArrival = Math.Max(_lastArrival, arrived.UtcTicks);
        _minute.Add(SliceOf(arrived, HotWindow.Minute));
        _tenMinutes.Add(SliceOf(arrived, HotWindow.TenMinutes));
        _hour.Add(SliceOf(arrived, HotWindow.Hour));
    }

    /// <summary>The bids that arrived in the window that ends with a slice.</summary>
    public int RecentBids(HotWindow window, int slice) => window switch
    {
        HotWindow.Minute => _minute.CountAt(slice),
        HotWindow.TenMinutes => _tenMinutes.CountAt(slice),
        _ => _hour.CountAt(slice),
    };

    public AuctionRow ToRow() => new(
        id, Item, Bids, Bidders, new(_firstBid, TimeSpan.Zero), new(_lastBid, TimeSpan.Zero), Cents(_opening / TenThousandths), Cents(Winning), Winner, LastArrival,
        _closes == 0 ? null : new(_closes, TimeSpan.Zero));

    /// <summary>Whether it is over; <see langword="false"/> if its closing time is not known.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lastMade">The latest time of any bid.</param>
    public bool IsOver(DateTimeOffset now, DateTimeOffset? lastMade) =>
        _closes != 0 && _closes <= ClockOf(LastArrival, new(_lastBid, TimeSpan.Zero), now, lastMade).UtcTicks;

    /// <summary>The clock by which an auction closes: the time, or in a replay the latest time of any bid.</summary>
    public static DateTimeOffset ClockOf(DateTimeOffset lastArrival, DateTimeOffset lastBid, DateTimeOffset now, DateTimeOffset? lastMade) =>
        lastArrival - lastBid > ReplayLag && lastMade is { } made ? made : now;

    /// <summary>The slice of a window to which a time belongs.</summary>
    public static int SliceOf(DateTimeOffset time, HotWindow window) =>
        (int)Math.Floor(time.ToUnixTimeSeconds() / (double)((int)window / SlicedCount.Slices));

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
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
