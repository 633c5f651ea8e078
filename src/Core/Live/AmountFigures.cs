namespace AuctionTracker.Core.Live;

/// <summary>
/// Number, total, lowest and highest of some amounts. Exact, whatever their order, as long as amounts have at most four decimals.
/// Not thread-safe.
/// </summary>
public record struct AmountFigures
{
    private decimal _total;

    /// <summary>The number of bids.</summary>
    public long Bids { get; private set; }

    /// <summary>The number of bids strictly above the threshold.</summary>
    public long High { get; private set; }

    /// <summary>The lowest amount; 0 without bids.</summary>
    public decimal Lowest { get; private set; }

    /// <summary>The highest amount; 0 without bids.</summary>
    public decimal Highest { get; private set; }

    /// <summary>The sum, rounded to cents.</summary>
    public readonly decimal Total => decimal.Round(_total, 2, MidpointRounding.AwayFromZero);

    /// <summary>The mean, rounded to cents; 0 without bids.</summary>
    public readonly decimal Average => Mean(_total, Bids);

    /// <summary>A mean, rounded to cents; half a cent goes up, as in the reports.</summary>
    /// <param name="total">The sum.</param>
    /// <param name="count">The number of values; 0 has the mean 0.</param>
    public static decimal Mean(decimal total, long count) => count == 0 ? 0.00m : Math.Floor(((200 * total) + count) / (2 * count)) * 0.01m;

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">The amount.</param>
    /// <param name="isHigh">Whether it is above the threshold.</param>
    public void Add(decimal amount, bool isHigh)
    {
        Lowest = Bids == 0 ? amount : Math.Min(Lowest, amount);
        Highest = Math.Max(Highest, amount);
        _total += amount;
        Bids++;
        High += isHigh ? 1 : 0;
    }
}
