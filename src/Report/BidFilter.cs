using AuctionTracker.Core.Bids;

namespace AuctionTracker.Report;

/// <summary>Which bids are looked at.</summary>
/// <param name="Zone">The time zone of days and hours.</param>
/// <param name="Since">The first moment, or <see langword="null"/>.</param>
/// <param name="Until">The first moment after the last, or <see langword="null"/>.</param>
/// <param name="Items">The items; none: all.</param>
internal sealed record BidFilter(TimeZoneInfo Zone, DateTimeOffset? Since, DateTimeOffset? Until, IReadOnlyList<string> Items)
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
    public string Select(List<object?> values)
    {
        var conditions = new List<string>();
        if (Since is { } since)
        {
            conditions.Add($"timestamp >= cast({Add(Bid.Format(since))} as timestamptz)");
        }

        if (Until is { } until)
        {
            conditions.Add($"timestamp < cast({Add(Bid.Format(until))} as timestamptz)");
        }

        if (Items.Count > 0)
        {
            conditions.Add($"item in ({string.Join(", ", Items.Select(item => $"cast({Add(item)} as text)"))})");
        }

        return $"select * from bids{(conditions.Count > 0 ? $" where {string.Join(" and ", conditions)}" : "")}";

        string Add(string value)
        {
            values.Add(value);
            return $"${values.Count}";
        }
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
