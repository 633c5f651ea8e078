namespace AuctionTracker.Core.Settings;

/// <summary>The hours of each day without mail. Immutable.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive; earlier than <paramref name="From"/> if the hours include midnight.</param>
/// <param name="Zone">The time zone of both.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly To, TimeZoneInfo Zone)
{
    /// <summary>Whether a moment is within the quiet hours.</summary>
    /// <param name="time">The moment.</param>
    public bool Contains(DateTimeOffset time) => TimeOnly.FromDateTime(Local(time)).IsBetween(From, To);

    /// <summary>The end of the quiet hours that include a moment, in UTC.</summary>
    /// <param name="time">A moment within the quiet hours.</param>
    public DateTimeOffset EndAfter(DateTimeOffset time)
    {
        var local = Local(time);
        var day = DateOnly.FromDateTime(local).AddDays(TimeOnly.FromDateTime(local) < To ? 0 : 1);
        var end = day.ToDateTime(To);
        return new DateTimeOffset(end, Zone.GetUtcOffset(end)).ToUniversalTime();
    }

    private DateTime Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).DateTime;
}
