namespace AuctionTracker.Core.Live;

/// <summary>The figures of an item. Not thread-safe.</summary>
/// <param name="name">The item.</param>
/// <param name="budget">How many hashes all items may keep.</param>
/// <param name="prices">Its prices.</param>
internal sealed class ItemFigures(string name, DistinctBudget budget, ItemPrices prices)
{
    public AmountFigures Amounts;

    public string Name => name;

    public DistinctCount Bidders { get; } = new(budget);

    public DistinctCount Auctions { get; } = new(budget);

    public ItemPrices Prices => prices;

    public DateTimeOffset LastArrival { get; set; }

    public ItemRow ToRow() =>
        new(name, Amounts, Bidders.Count, Auctions.Count, prices.Mean, LastArrival, Bidders.IsExact && Auctions.IsExact);
}

/// <summary>The figures of a bidder. Not thread-safe.</summary>
/// <param name="id">The bidder.</param>
/// <param name="hash">The hash of the id.</param>
internal sealed class BidderFigures(string id, ulong hash)
{
    private AmountFigures _amounts;

    public string Id => id;

    public ulong Hash => hash;

    public AmountFigures Amounts => _amounts;

    public int Auctions { get; set; }

    public void Add(decimal amount, bool isHigh) => _amounts.Add(amount, isHigh);
}
