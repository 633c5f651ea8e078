using AuctionTracker.Core.Live;
using AuctionTracker.Sales.Statistics;

namespace AuctionTracker.Sales.Live;

/// <summary>
/// The figures of auctions, sales and stock so far, kept up message by message in bounded memory. An auction that is added twice counts once:
/// the ids of the last 300,000 are known. Figures of all sales are exact; times to settle are exact up to 20,000 different ones, and within
/// 1 % beyond. Not thread-safe.
/// </summary>
/// <param name="window">The time that the charts show; from 10 seconds to 4 days (inclusive).</param>
public sealed class LiveSales(TimeSpan window)
{
    /// <summary>The number of items that have figures of their own. Further ones share the row <see cref="LiveOptions.OtherItems"/>, and their stock is not shown.</summary>
    public const int MaxItems = 1_000;

    private const int MaxKnown = 300_000;
    private const int MaxLast = 100;
    private const int MaxTimes = 20_000;
    private const int MaxTimesOfPoint = 2_000;

    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    private readonly SeenIds _ended = new(MaxKnown);
    private readonly SeenIds _settled = new(MaxKnown);
    private readonly Dictionary<string, ItemSalesRow> _items = [];
    private readonly Dictionary<string, StockLevel> _stock = [];
    private readonly Timeline _timeline = new(window);
    private readonly TimeRing<Point> _points = new(new Timeline(window).Points);
    private readonly List<LastResult> _last = [];
    private readonly AmountDistribution _times = new(MaxTimes);

    /// <summary>
    /// Whether the end of each auction is added on its own. Otherwise, which is the default, a settled sale also adds how its auction ended, if that is not among
    /// the last 300,000.
    /// </summary>
    public bool HasAllResults { get; set; }

    /// <summary>Adds how an auction ended.</summary>
    /// <param name="result">The result.</param>
    /// <param name="now">The time; one that closed later, by another machine's clock, closed then.</param>
    /// <returns>Whether the auction is new.</returns>
    public bool Add(AuctionResult result, DateTimeOffset now)
    {
        if (!_ended.Add(result.AuctionId))
        {
            return false;
        }

        result = result.Closed > now ? result with { Closed = now } : result;

        var item = ItemOf(result.Item);
        _items[item.Item] = result.IsSold
            ? item with { Sold = item.Sold + 1, Total = item.Total + result.Amount, Highest = Math.Max(item.Highest, result.Amount) }
            : item with { Unsold = item.Unsold + 1 };
        ref var point = ref _points.At(_timeline.PointAt(result.Closed));
        (point.Sold, point.Unsold) = (point.Sold + (result.IsSold ? 1 : 0), point.Unsold + (result.IsSold ? 0 : 1));

        var place = _last.FindLastIndex(last => last.Result.Closed <= result.Closed) + 1;
        _last.Insert(place, new LastResult(result, Settled: null));
        if (_last.Count > MaxLast)
        {
            _last.RemoveAt(0);
        }

        return true;
    }

    /// <summary>Adds a settled sale, and how its auction ended, unless <see cref="HasAllResults"/>.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="now">The time; a sale that was settled later, by another machine's clock, was settled then.</param>
    /// <returns>Whether the sale is new.</returns>
    public bool Add(SettledSale sale, DateTimeOffset now)
    {
        if (!_settled.Add(sale.AuctionId))
        {
            return false;
        }

        if (!HasAllResults)
        {
            Add(new AuctionResult(sale.AuctionId, sale.Item, sale.Amount, IsSold: true, Winner: null, sale.Closed), now);
        }

        var item = ItemOf(sale.Item);
        _items[item.Item] = item with { Settled = item.Settled + 1 };

        var time = TimeToSettle(sale.Closed, sale.Settled);
        var seconds = (decimal)Math.Round((time > LeastTime ? time : LeastTime).TotalSeconds, 3);
        _times.Add(seconds);
        ref var point = ref _points.At(_timeline.PointAt(sale.Settled < now ? sale.Settled : now));
        point.Settled++;
        point.Longest = Math.Max(point.Longest, seconds);
        (point.Times ??= new AmountDistribution(MaxTimesOfPoint)).Add(seconds);

        var last = _last.FindIndex(last => last.Result.AuctionId == sale.AuctionId);
        if (last >= 0)
        {
            _last[last] = _last[last] with { Settled = sale.Settled };
        }

        return true;
    }

    /// <summary>Sets the stock of an item, unless a newer level is known.</summary>
    /// <param name="level">The level.</param>
    /// <param name="now">The time; a level that is of later, by another machine's clock, is of then.</param>
    public void Set(StockLevel level, DateTimeOffset now)
    {
        level = level.Time > now ? level with { Time = now } : level;
        if (_stock.TryGetValue(level.Item, out var known) ? level.IsNewerThan(known) : _stock.Count < MaxItems)
        {
            _stock[level.Item] = level;
        }
    }

    /// <summary>All that a page shows.</summary>
    /// <param name="now">The time.</param>
    public SalesSnapshot SnapshotAt(DateTimeOffset now) => new(now, _timeline)
    {
        Items = [.. _items.Values.OrderByDescending(item => item.Total).ThenBy(item => item.Item, StringComparer.Ordinal)],
        Stock = [.. _stock.Values.OrderBy(level => level.Item, StringComparer.Ordinal)],
        Points = [.. Enumerable.Range(0, _timeline.Points).Select(i => PointOf(_timeline.PointAt(now) - (_timeline.Points - 1 - i)))],
        Last = [.. _last],
        MedianSeconds = _times.Percentile(0.5m),
        P99Seconds = _times.NearestRank(0.99m),
        HasExactTimes = _times.IsExact,
    };

    /// <summary>The time from closing to settling; none if a clock was set back between.</summary>
    internal static TimeSpan TimeToSettle(DateTimeOffset closed, DateTimeOffset settled) => settled > closed ? settled - closed : TimeSpan.Zero;

    private SalesPoint PointOf(long number)
    {
        var point = _points[number];
        return new SalesPoint(_timeline.TimeOf(number), point.Sold, point.Unsold, point.Settled, point.Times?.Percentile(0.5m) ?? 0, point.Longest);
    }

    private ItemSalesRow ItemOf(string item)
    {
        var name = _items.ContainsKey(item) || _items.Count < MaxItems - 1 ? item : LiveOptions.OtherItems;
        return _items.GetValueOrDefault(name, new ItemSalesRow(name));
    }

    private struct Point
    {
        public int Sold;
        public int Unsold;
        public int Settled;
        public decimal Longest;
        public AmountDistribution? Times;
    }
}
