using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Storage;

namespace AuctionTracker.Report;

/// <summary>Which rows a report looks at.</summary>
/// <param name="Zone">The time zone of days and hours.</param>
/// <param name="Since">The first moment, or <see langword="null"/>.</param>
/// <param name="Until">The first moment after the last, or <see langword="null"/>.</param>
/// <param name="Items">The items; none: all.</param>
internal sealed record ReportFilter(TimeZoneInfo Zone, DateTimeOffset? Since, DateTimeOffset? Until, IReadOnlyList<string> Items)
{
    /// <summary>What the filter leaves out, for people; "" for nothing.</summary>
    public string Description => string.Join(", ", new[]
    {
        Since is { } since ? $"since {Cells.Show(since, Zone)}" : "",
        Until is { } until ? $"until {Cells.Show(until, Zone)}" : "",
        string.Join(", ", Items),
    }.Where(part => part.Length > 0));

    /// <summary>The query of the bids. Its parameters are added to the values.</summary>
    /// <param name="values">The values of the query's parameters.</param>
    public string Select(List<object?> values) =>
        $"select * from bids{Where("timestamp", time => $"cast({Add(values, Bid.Format(time))} as timestamptz)", "item", Items, values)}";

    /// <summary>The query of a table of a program's state, with amounts and times of their types. Its parameters are added to the values.</summary>
    /// <param name="table">The table.</param>
    /// <param name="values">The values of the query's parameters.</param>
    public string Select(StoredTable table, List<object?> values)
    {
        var items = table.NamesItemsAsQueues ? [.. Items.Select(AuctionTopology.NameOf)] : Items;
        return $"select {string.Join(", ", table.Columns.Select(ValueOf))} from {table.Name}" +
            Where(table.Time, time => Add(values, SqliteFile.ToMicroseconds(time)), table.Item, items, values);
    }

    /// <summary>The value of a column, in SQL of both engines. Times are exact: a whole second is in doubles, a time of today is not quite.</summary>
    private static string ValueOf(StoredColumn column) => column.Kind switch
    {
        ColumnKind.Flag => $"{column.Name} <> 0 as {column.Name}",
        ColumnKind.Amount => $"cast({column.Name} as decimal(18, 4)) as {column.Name}",
        ColumnKind.Time => $"to_timestamp(({column.Name} - {column.Name} % 1000000) / 1000000) + {column.Name} % 1000000 * interval '1 microsecond' as {column.Name}",
        _ => column.Name,
    };

    private string Where(string? time, Func<DateTimeOffset, string> parameter, string? item, IReadOnlyList<string> items, List<object?> values)
    {
        var conditions = new List<string>();
        if (time is not null && Since is { } since)
        {
            conditions.Add($"{time} >= {parameter(since)}");
        }

        if (time is not null && Until is { } until)
        {
            conditions.Add($"{time} < {parameter(until)}");
        }

        if (item is not null && items.Count > 0)
        {
            conditions.Add($"{item} in ({string.Join(", ", items.Select(name => $"cast({Add(values, name)} as text)"))})");
        }

        return conditions.Count > 0 ? $" where {string.Join(" and ", conditions)}" : "";
    }

    private static string Add(List<object?> values, object value)
    {
        values.Add(value);
        return $"${values.Count}";
    }

    /// <summary>The moment of a local time. A time that a clock change skips is the first one after it; of one that comes twice, the first.</summary>
    /// <param name="local">The local time.</param>
    public DateTimeOffset MomentOf(DateTime local)
    {
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(Math.Clamp(local.Ticks - offset.Ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }
}
