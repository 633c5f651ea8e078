namespace AuctionTracker.Core.Live;

/// <summary>The figures of an item. Not thread-safe.</summary>
/// <param name="budget">How many hashes all items may keep.</param>
/// <param name="prices">Its prices.</param>
internal sealed class ItemFigures(DistinctBudget budget, ItemPrices prices)
{
    public AmountFigures Amounts;

    public DistinctCount Bidders { get; } = new(budget);

    public DistinctCount Auctions { get; } = new(budget);

    public ItemPrices Prices => prices;

    public DateTimeOffset LastArrival { get; set; }

    public ItemRow ToRow(string item) =>
        new(item, Amounts, Bidders.Count, Auctions.Count, prices.Mean, LastArrival, Bidders.IsExact && Auctions.IsExact);
}

/// <summary>The figures of a bidder. Not thread-safe.</summary>
/// <param name="hash">The hash of the bidder's id.</param>
internal sealed class BidderFigures(ulong hash)
{
    private AmountFigures _amounts;

    public ulong Hash => hash;

    public AmountFigures Amounts => _amounts;

    public int Auctions { get; set; }

    public void Add(decimal amount, bool isHigh) => _amounts.Add(amount, isHigh);
}
