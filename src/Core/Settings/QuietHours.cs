namespace AuctionTracker.Core.Settings;

/// <summary>The hours of each day in which nobody is mailed, in local time. Immutable.</summary>
/// <param name="From">Their beginning, inclusive.</param>
/// <param name="To">Their end, exclusive; before <paramref name="From"/> where midnight lies within.</param>
/// <param name="Zone">Where it is local time.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly To, TimeZoneInfo Zone)
{
    /// <summary>Whether a moment is one of them.</summary>
    /// <param name="time">The moment.</param>
    public bool Contains(DateTimeOffset time) => TimeOnly.FromDateTime(Local(time)).IsBetween(From, To);

    /// <summary>When the quiet hours end that a moment lies in.</summary>
    /// <param name="time">The moment.</param>
    public DateTimeOffset EndAfter(DateTimeOffset time)
    {
        var local = Local(time);
        var day = DateOnly.FromDateTime(local).AddDays(TimeOnly.FromDateTime(local) < To ? 0 : 1);
        var end = day.ToDateTime(To);
        return new DateTimeOffset(end, Zone.GetUtcOffset(end)).ToUniversalTime();
    }

    private DateTime Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).DateTime;
}
