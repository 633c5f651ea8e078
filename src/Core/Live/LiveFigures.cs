using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Live;

/// <summary>
/// The figures of all bids so far, kept up bid by bid in bounded memory. Items, bidders, auctions, winning amounts and amounts are those of
/// the reports, in whatever order the bids arrive; flow, prices and busy auctions go by arrival. Each bid must be added once. Beyond
/// <see cref="LiveOptions.ExactBound"/>, sketches take over (see <see cref="IsExact"/>). Not thread-safe.
/// </summary>
/// <param name="options">What is shown.</param>
public sealed class LiveFigures(LiveOptions options)
{
    private const int MaxLastBids = 2_000;
    private const int PairsPerId = 3;

    private static readonly UInt128 Seed = MemoryMarshal.Read<UInt128>(RandomNumberGenerator.GetBytes(16));

    private readonly FigureBook<BidderFigures> _bidders = new(options.ExactBound, Seed, isKeptBeyond: false, (id, hash) => new BidderFigures(id, hash));
    private readonly FigureBook<AuctionFigures> _auctions = new(options.ExactBound, Seed, isKeptBeyond: true, (id, hash) => new AuctionFigures(id, hash));
    private readonly Dictionary<string, ItemFigures> _items = [];
    private readonly DistinctBudget _budget = new(PairsPerId * options.ExactBound);
    private readonly Timeline _timeline = new(options.Window);
    private readonly Queue<SeenBid> _lastBids = [];
    private readonly Ladders _ladders = new();

    /// <summary>The pairs of auction and bidder, by their hashes; <see langword="null"/> if there were too many.</summary>
    private HashSet<ulong>? _pairs = [];

    private readonly Dictionary<string, PacedValue<IReadOnlyDictionary<HotWindow, IReadOnlyList<HotAuction>>>> _hotOfItems = [];
    private readonly PacedValue<Rankings> _rankings = new();
    private AmountFigures _amounts;

    /// <summary>Bids a second.</summary>
    public BidFlow Flow { get; } = new(new Timeline(options.Window));

    /// <summary>How amounts are distributed.</summary>
    public AmountDistribution Distribution { get; } = new(options.ExactBound);

    /// <summary>The amounts of all bids.</summary>
    public AmountFigures Amounts => _amounts;

    /// <summary>The highest bid; of equal ones the first that arrived. <see langword="null"/> without bids.</summary>
    public Bid? Highest { get; private set; }

    /// <summary>When the first bid arrived; <see langword="null"/> without bids.</summary>
    public DateTimeOffset? FirstArrival { get; private set; }

    /// <summary>When the latest bid arrived; <see langword="null"/> without bids.</summary>
    public DateTimeOffset? LastArrival { get; private set; }

    /// <summary>The number of distinct bidders; an estimate with a standard error of 0.81 % beyond the bound.</summary>
    public long BidderCount => _bidders.Count;

    /// <summary>The number of distinct auctions; an estimate with a standard error of 0.81 % beyond the bound.</summary>
    public long AuctionCount => _auctions.Count;

    /// <summary>The latest time at which a bid was made, by its own clock; <see langword="null"/> without bids.</summary>
    public DateTimeOffset? LastMade { get; private set; }

    /// <summary>
    /// Whether all figures are exact. Otherwise bidders and auctions are those of the busiest ids, distinct numbers are estimates, and the
    /// number of an auction's bidders is a least one.
    /// </summary>
    public bool IsExact => _bidders.IsExact && _auctions.IsExact && Distribution.IsExact && _pairs is not null && _items.Count < options.MaxItems;

    /// <summary>Adds a bid.</summary>
    /// <param name="bid">The bid; its amount has at most four decimals.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="arrived">When it arrived.</param>
    /// <param name="closes">When its auction closes; <see langword="null"/> if it does not say that.</param>
    public void Add(Bid bid, string messageId, DateTimeOffset arrived, DateTimeOffset? closes = null)
    {
        var isHigh = bid.Amount > options.Threshold;
        _amounts.Add(bid.Amount, isHigh);
        Distribution.Add(bid.Amount);
        Flow.Add(arrived);
        Highest = Highest is null || bid.Amount > Highest.Amount ? bid : Highest;
        FirstArrival = FirstArrival < arrived ? FirstArrival : arrived;
        LastArrival = LastArrival > arrived ? LastArrival : arrived;
        LastMade = LastMade > bid.Timestamp ? LastMade : bid.Timestamp;

        var bidder = _bidders.Touch(bid.BidderId, static figures => figures.Amounts.Bids);
        bidder.Add(bid.Amount, isHigh);
        var item = ItemOf(bid.Item);
        item.Amounts.Add(bid.Amount, isHigh);
        item.Bidders.Add(bidder.Hash);
        item.Prices.Add(arrived, bid.Timestamp, messageId, bid.Amount, isHigh);
        item.LastArrival = item.LastArrival > arrived ? item.LastArrival : arrived;
        if (bid.AuctionId is { } auctionId)
        {
            var auction = _auctions.Touch(auctionId, static figures => figures.Bids);
            auction.Add(bid, messageId, arrived, closes, item.Name, bidder.Id);
            item.Auctions.Add(auction.Hash);
            _ladders.Add(auction.Id, new LadderBid(bid.Timestamp, bid.Amount, bidder.Id));
            AddPair(auction, bidder);
        }

        _lastBids.Enqueue(new SeenBid(_amounts.Bids, bid, arrived, isHigh));
        if (_lastBids.Count > MaxLastBids)
        {
            _lastBids.Dequeue();
        }
    }

    /// <summary>The rows of <c>items</c>, most bids first.</summary>
    public IReadOnlyList<ItemRow> Items() =>
    [
        .. _items.Values.Select(item => item.ToRow())
            .OrderByDescending(row => row.Amounts.Bids).ThenBy(row => row.Item, StringComparer.Ordinal),
    ];

    /// <summary>The rows of <c>bidders</c>, most bids first; none beyond the bound, where only their bids are counted.</summary>
    public IReadOnlyList<BidderRow> Bidders()
    {
        var won = _auctions.Figures.Values.CountBy(auction => auction.Winner).ToDictionary();
        return
        [
            .. _bidders.Figures.Select(entry => new BidderRow(entry.Key, entry.Value.Amounts, entry.Value.Auctions, won.GetValueOrDefault(entry.Key)))
                .OrderByDescending(row => row.Amounts.Bids).ThenBy(row => row.BidderId, StringComparer.Ordinal),
        ];
    }

    /// <summary>The rows of <c>auctions</c>, in the order of their first bid. Only the busiest beyond the bound.</summary>
    public IReadOnlyList<AuctionRow> Auctions() =>
    [
        .. _auctions.Figures.Values.Select(auction => auction.ToRow())
            .OrderBy(row => row.FirstBid).ThenBy(row => row.AuctionId, StringComparer.Ordinal),
    ];

    /// <summary>The rows of <c>winning</c>, in the order of their items. Of the busiest auctions only beyond the bound.</summary>
    public IReadOnlyList<WinningRow> Winning() =>
    [
        .. _auctions.Figures.Values.GroupBy(auction => auction.Item, auction => auction.Winning).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => WinningRow.Of(group.Key, [.. group.Order()])),
    ];

    /// <summary>The prices of an item over the window; <see langword="null"/> if it has no row of its own.</summary>
    /// <param name="item">The item.</param>
    /// <param name="now">The time.</param>
    public PriceSeries? FindPrices(string item, DateTimeOffset now) => _items.GetValueOrDefault(item)?.Prices.SeriesAt(item, now);

    /// <summary>The busiest auctions of an item in each window; <see langword="null"/> if it has no row of its own. Up to a second old if there are many auctions.</summary>
    /// <param name="item">The item.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyDictionary<HotWindow, IReadOnlyList<HotAuction>>? FindHot(string item, DateTimeOffset now)
    {
        if (!_items.ContainsKey(item))
        {
            return null;
        }

        if (!_hotOfItems.TryGetValue(item, out var hot))
        {
            _hotOfItems.Add(item, hot = new());
        }

        return hot.At(now, () => RankAuctions(now, auction => auction.Item == item).TakeHot());
    }

    /// <summary>An auction; <see langword="null"/> if it is not known.</summary>
    /// <param name="id">The auction.</param>
    public AuctionRow? FindAuction(string id) => _auctions.Figures.GetValueOrDefault(id)?.ToRow();

    /// <summary>The last bids of an auction, in the order of their arrival: up to 200 of each of the 1,000 auctions that had bids last.</summary>
    /// <param name="id">The auction.</param>
    public IReadOnlyList<LadderBid> LadderOf(string id) => _ladders[id];

    /// <summary>All that a page shows. Lists that take long to make, because there are many ids, are up to a second old.</summary>
    /// <param name="now">The time.</param>
    /// <param name="rows">The most items, bidders and auctions of a list.</param>
    /// <param name="charts">The most items of a chart.</param>
    public LiveSnapshot SnapshotAt(DateTimeOffset now, int rows, int charts)
    {
        var items = Items();
        return new LiveSnapshot(now, _timeline, _amounts, Highest, LastArrival)
        {
            IsExact = IsExact,
            FirstArrival = FirstArrival,
            LastMade = LastMade,
            Rate = Flow.RateAt(now),
            PeakRate = Flow.Peak,
            Flow = Flow.PointsAt(now),
            BidderCount = BidderCount,
            AuctionCount = AuctionCount,
            ItemCount = items.Count,
            Items = [.. items.Take(rows)],
            RollingSize = options.RollingSize,
            Prices = [.. items.Take(charts).Select(item => _items[item.Item].Prices.SeriesAt(item.Item, now))],
            LastBids = [.. _lastBids],
            Rankings = _rankings.At(now, () => MakeRankings(now, rows)),
        };
    }

    private Rankings MakeRankings(DateTimeOffset now, int rows)
    {
        var auctions = RankAuctions(now, static _ => true);
        return new Rankings(
            auctions.Open,
            _bidders.Busiest(rows, static figures => figures.Amounts.Bids),
            [.. _auctions.Busiest(rows, static figures => figures.Bids).Select(busy => _auctions.Figures[busy.Key].ToRow() with { Bids = busy.Bids })],
            auctions.TakeHot(),
            Distribution.Percentile(0.5m), Distribution.Percentile(0.9m), Distribution.Percentile(0.99m), Distribution.Histogram(Rankings.HistogramBuckets),
            Distribution.Chart(Rankings.HistogramBuckets));
    }

    private AuctionRankings RankAuctions(DateTimeOffset now, Predicate<AuctionFigures> isListed)
    {
        var rankings = new AuctionRankings(now, LastMade, options.Window);
        foreach (var auction in _auctions.Figures.Values)
        {
            if (isListed(auction))
            {
                rankings.Add(auction);
            }
        }

        return rankings;
    }

    private ItemFigures ItemOf(string item)
    {
        if (!_items.TryGetValue(item, out var figures))
        {
            var name = _items.Count < options.MaxItems - 1 ? item : LiveOptions.OtherItems;
            if (!_items.TryGetValue(name, out figures))
            {
                _items.Add(name, figures = new ItemFigures(name, _budget, new ItemPrices(_timeline, options.StalledAfter, options.RollingSize)));
            }
        }

        return figures;
    }

    private void AddPair(AuctionFigures auction, BidderFigures bidder)
    {
        // Both hashes are uniform, and the odd factor keeps the order of the two apart.
        if (_pairs?.Add((auction.Hash * 0x9e3779b97f4a7c15) + bidder.Hash) == true)
        {
            auction.Bidders++;
            bidder.Auctions++;
            _pairs = _pairs.Count < PairsPerId * options.ExactBound ? _pairs : null;
        }
    }
}
