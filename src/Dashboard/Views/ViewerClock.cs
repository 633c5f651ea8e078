using System.Globalization;

namespace AuctionTracker.Dashboard.Views;

/// <summary>Times as the person at the browser reads them. Immutable.</summary>
public sealed class ViewerClock
{
    /// <summary>UTC.</summary>
    public static readonly ViewerClock Utc = new(TimeZoneInfo.Utc);

    /// <summary>The greatest offset of a zone, in minutes.</summary>
    private const int MaxOffset = 14 * 60;

    private readonly TimeZoneInfo _zone;

    private ViewerClock(TimeZoneInfo zone) => _zone = zone;

    /// <summary>
    /// The clock of a zone. One that this machine does not know, as all IANA names on Windows without ICU, has the offset that the browser says;
    /// without a possible one it is UTC.
    /// </summary>
    public static ViewerClock Of(BrowserZone zone) =>
        zone.Name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone.Name, out var found) ? new ViewerClock(found)
        : zone.Offset is not (0 or < -MaxOffset or > MaxOffset) ? new ViewerClock(OfOffset(TimeSpan.FromMinutes(zone.Offset)))
        : Utc;

    private static TimeZoneInfo OfOffset(TimeSpan offset)
    {
        var name = $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture)}";
        return TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    /// <summary>The name of the zone.</summary>
    public string Zone => _zone.Id;

    /// <summary>The time of day.</summary>
    public string Time(DateTimeOffset time) => Local(time).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The day.</summary>
    public string Day(DateTimeOffset time) => Local(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Day and time.</summary>
    public string DayAndTime(DateTimeOffset time) => Local(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The same in UTC, for the text under the pointer.</summary>
    public static string InUtc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>At the ends of the calendar the local time may lie outside: then it is UTC's.</summary>
    private DateTimeOffset Local(DateTimeOffset time) =>
        time.UtcTicks > TimeSpan.TicksPerDay && time < DateTimeOffset.MaxValue.AddDays(-1) ? TimeZoneInfo.ConvertTime(time, _zone) : time;
}

/// <summary>The time zone of a browser.</summary>
/// <param name="Name">The IANA name; <see langword="null"/> if the browser does not say it.</param>
/// <param name="Offset">How many minutes its clock is ahead of UTC now.</param>
public sealed record BrowserZone(string? Name, int Offset);
