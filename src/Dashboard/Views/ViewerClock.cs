using System.Globalization;

namespace AuctionTracker.Dashboard.Views;

/// <summary>Times as the person at the browser reads them. Immutable.</summary>
public sealed class ViewerClock
{
    /// <summary>UTC.</summary>
    public static readonly ViewerClock Utc = new(TimeZoneInfo.Utc);

    private readonly TimeZoneInfo _zone;

    private ViewerClock(TimeZoneInfo zone) => _zone = zone;

    /// <summary>The clock of a zone; UTC if it is not known, or the browser does not say it.</summary>
    /// <param name="zone">The IANA name.</param>
    public static ViewerClock Of(string? zone) => zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? new ViewerClock(found) : Utc;

    /// <summary>The name of the zone.</summary>
    public string Zone => _zone.Id;

    /// <summary>The time of day.</summary>
    public string Time(DateTimeOffset time) => Local(time).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Day and time.</summary>
    public string DayAndTime(DateTimeOffset time) => Local(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The same in UTC, for the text under the pointer.</summary>
    public static string InUtc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>At the ends of the calendar the local time may lie outside: then it is UTC's.</summary>
    private DateTimeOffset Local(DateTimeOffset time) =>
        time.UtcTicks > TimeSpan.TicksPerDay && time < DateTimeOffset.MaxValue.AddDays(-1) ? TimeZoneInfo.ConvertTime(time, _zone) : time;
}
