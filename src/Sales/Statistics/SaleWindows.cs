namespace AuctionTracker.Sales.Statistics;

/// <summary>
/// The sales of the last day, and their figures over the last minute, 15 minutes, hour and day. A sale leaves a window when its time has come,
/// whether another one comes or not. Each auction counts once. Not thread-safe.
/// </summary>
/// <param name="capacity">The most sales that are kept, at least 1; of more, the latest.</param>
public sealed class SaleWindows(int capacity = SaleWindows.DefaultCapacity)
{
    /// <summary>The most sales that are kept by default; about 150 bytes each.</summary>
    public const int DefaultCapacity = 500_000;

    /// <summary>The windows and what they are called, the shortest first.</summary>
    public static readonly IReadOnlyList<(string Name, TimeSpan Length)> All =
    [
        ("minute", TimeSpan.FromMinutes(1)), ("15 minutes", TimeSpan.FromMinutes(15)), ("hour", TimeSpan.FromHours(1)), ("day", TimeSpan.FromDays(1)),
    ];

    private readonly LinkedList<SettledSale> _sales = [];
    private readonly HashSet<string> _auctions = [];

    /// <summary>The number of sales that are kept.</summary>
    public int Count => _sales.Count;

    /// <summary>Adds a sale.</summary>
    /// <param name="sale">The sale.</param>
    /// <returns><see langword="false"/> if its auction is known.</returns>
    public bool Add(SettledSale sale)
    {
        if (!_auctions.Add(sale.AuctionId))
        {
            return false;
        }

        // Sales come in the order of their time, or nearly so.
        var before = _sales.Last;
        while (before is not null && before.Value.Settled > sale.Settled)
        {
            before = before.Previous;
        }

        _ = before is null ? _sales.AddFirst(sale) : _sales.AddAfter(before, sale);
        if (_sales.Count > capacity)
        {
            RemoveFirst();
        }

        return true;
    }

    /// <summary>The figures of a window, of each item and of all, by their totals. Forgets what is older than a day.</summary>
    /// <param name="now">The end of the window (inclusive).</param>
    /// <param name="length">Its length, at most a day; a sale of its beginning is left out.</param>
    public SaleFigures FiguresAt(DateTimeOffset now, TimeSpan length)
    {
        while (_sales.First is { } first && first.Value.Settled <= now - All[^1].Length)
        {
            RemoveFirst();
        }

        var sales = new List<SettledSale>();
        for (var sale = _sales.Last; sale is not null && sale.Value.Settled > now - length; sale = sale.Previous)
        {
            if (sale.Value.Settled <= now)
            {
                sales.Add(sale.Value);
            }
        }

        return new SaleFigures(ItemSales.Of("all", sales), [.. sales.GroupBy(sale => sale.Item).Select(item => ItemSales.Of(item.Key, [.. item]))
            .OrderByDescending(item => item.Total).ThenBy(item => item.Item, StringComparer.Ordinal)]);
    }

    private void RemoveFirst()
    {
        _auctions.Remove(_sales.First!.Value.AuctionId);
        _sales.RemoveFirst();
    }
}

/// <summary>The figures of a window.</summary>
/// <param name="All">Those of all items.</param>
/// <param name="Items">Those of each item, the highest total first.</param>
public sealed record SaleFigures(ItemSales All, IReadOnlyList<ItemSales> Items);

/// <summary>The figures of an item.</summary>
/// <param name="Item">The item.</param>
/// <param name="Count">The number of sales.</param>
/// <param name="Total">The sum of their amounts.</param>
/// <param name="Mean">The mean of their amounts, rounded half to even to cents; 0 without sales.</param>
/// <param name="Median">The median time from closing to settling; of an even number of sales the mean of the middle ones. Zero without sales.</param>
public sealed record ItemSales(string Item, int Count, decimal Total, decimal Mean, TimeSpan Median)
{
    internal static ItemSales Of(string item, List<SettledSale> sales)
    {
        if (sales.Count == 0)
        {
            return new(item, 0, 0, 0, TimeSpan.Zero);
        }

        var total = sales.Sum(sale => sale.Amount);
        var times = sales.Select(sale => (sale.Settled - sale.Closed).Ticks).Order().ToArray();
        var median = (times[(times.Length - 1) / 2] + times[times.Length / 2]) / 2;
        return new(item, sales.Count, total, decimal.Round(total / sales.Count, 2), TimeSpan.FromTicks(median));
    }
}
