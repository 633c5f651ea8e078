namespace AuctionTracker.Storage;

/// <summary>A table as a program stores it, for those who read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">The columns to read.</param>
public sealed record StoredTable(string Name, params IReadOnlyList<StoredColumn> Columns)
{
    /// <summary>The column that says when a row happened, of kind <see cref="ColumnKind.Time"/>; <see langword="null"/> if none does.</summary>
    public string? Time { get; init; }

    /// <summary>The column of the item, or <see langword="null"/>.</summary>
    public string? Item { get; init; }

    /// <summary>Whether items are written as in the names of their queues.</summary>
    public bool NamesItemsAsQueues { get; init; }
}

/// <summary>A column as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values mean.</param>
public sealed record StoredColumn(string Name, ColumnKind Kind = ColumnKind.Text);

/// <summary>What the values of a column mean. A value may be NULL.</summary>
public enum ColumnKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Yes (1) or no (0).</summary>
    Flag,

    /// <summary>An exact decimal number, stored as a text.</summary>
    Amount,

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    Time,
}
