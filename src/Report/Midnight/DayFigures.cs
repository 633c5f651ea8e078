namespace AuctionTracker.Report.Midnight;

/// <summary>The figures of a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Bids">The number of bids.</param>
/// <param name="Total">The sum of their amounts.</param>
/// <param name="Figures">All figures, by the names of their columns.</param>
internal sealed record DayFigures(DateOnly Day, long Bids, decimal Total, IReadOnlyList<(string Name, object? Value)> Figures)
{
    private static readonly string[] Names = ["bids", "bidders", "auctions", "total", "average", "lowest", "highest", "high"];

    /// <summary>The figures of a day without bids.</summary>
    public static DayFigures None(DateOnly day) => Read([day, 0L, 0L, 0L, 0.00m, null, null, null, 0L]);

    /// <summary>Reads a row of <c>days.sql</c>.</summary>
    public static DayFigures Read(IReadOnlyList<object?> row) =>
        new((DateOnly)row[0]!, (long)row[1]!, (decimal)row[4]!, [.. Names.Zip(row.Skip(1))]);
}
