namespace AuctionTracker.Report.Formats;

/// <summary>What a format writes: a table, and what is said about it.</summary>
/// <param name="Title">What the table shows.</param>
/// <param name="Subtitle">Where the bids are from, and which they are.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows; read once.</param>
/// <param name="Zone">The time zone of times.</param>
internal sealed record ReportTable(
    string Title, string Subtitle, IReadOnlyList<string> Columns, IAsyncEnumerable<IReadOnlyList<object?>> Rows, TimeZoneInfo Zone)
{
    /// <summary>Its picture, or <see langword="null"/>.</summary>
    public PictureDefinition? Picture { get; init; }

    /// <summary>The columns whose sum is shown at the foot.</summary>
    public IReadOnlyList<string> Sums { get; init; } = [];

    /// <summary>Reads all rows; keeps the first ones, and adds up all.</summary>
    /// <param name="stop">Cancels reading.</param>
    public async Task<ShownRows> ReadAsync(CancellationToken stop)
    {
        var rows = new List<IReadOnlyList<object?>>();
        var sums = Columns.Select(column => Sums.Contains(column) ? (object?)0m : null).ToArray();
        var count = 0L;
        await foreach (var row in Rows.WithCancellation(stop))
        {
            if (count++ < ShownRows.Max)
            {
                rows.Add(row);
            }

            foreach (var (i, sum) in sums.Index())
            {
                sums[i] = sum is decimal soFar ? soFar + Cells.NumberOf(row[i]) : null;
            }
        }

        return new ShownRows(rows, sums, count);
    }
}

/// <summary>The rows that a person sees.</summary>
/// <param name="Rows">The first rows.</param>
/// <param name="Sums">A sum over all rows for some columns; <see langword="null"/> for the others.</param>
/// <param name="Count">The number of all rows.</param>
internal sealed record ShownRows(IReadOnlyList<IReadOnlyList<object?>> Rows, IReadOnlyList<object?> Sums, long Count)
{
    /// <summary>The number of rows that are shown; CSV and JSON have all.</summary>
    public const int Max = 2000;

    /// <summary>Whether a foot makes sense.</summary>
    public bool HasSums => Rows.Count > 1 && Sums.Any(sum => sum is not null);

    /// <summary>A sentence about what is not shown; "" if all is.</summary>
    public string Omission => Count > Rows.Count
        ? FormattableString.Invariant($"The first {Rows.Count:#,0} of {Count:#,0} rows; --format csv and json have all.")
        : "";
}
