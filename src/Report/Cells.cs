using System.Globalization;

namespace AuctionTracker.Report;

/// <summary>Texts of a report's values.</summary>
internal static class Cells
{
    /// <summary>The text for programs: times in ISO 8601 with microseconds and offset, numbers without separators.</summary>
    public static string Write(object? value, TimeZoneInfo zone) => value switch
    {
        null => "",
        DateTimeOffset time => InZone(time, zone).ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>The text for people: local times as short as they are, numbers with separators.</summary>
    public static string Show(object? value, TimeZoneInfo zone) => value switch
    {
        DateTimeOffset time => ShowTime(time, zone),
        DateTime time => ShowTime(time),
        long number => number.ToString("#,0", CultureInfo.InvariantCulture),
        decimal number => number.ToString(number.Scale == 0 ? "#,0" : number.Scale <= 2 ? "#,0.00" : "#,0.00##", CultureInfo.InvariantCulture),
        double number => number.ToString("#,0.######", CultureInfo.InvariantCulture),
        _ => Write(value, zone),
    };

    /// <summary>A number of bids, as in <c>1 bid</c>.</summary>
    public static string ShowBids(long count) => count == 1 ? "1 bid" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} bids");

    /// <summary>Whether a value stands on the right of its column.</summary>
    public static bool IsNumber(object? value) => value is long or decimal or double;

    /// <summary>A number for sums and pictures; 0 for a value that is not a number.</summary>
    public static decimal NumberOf(object? value) => value switch
    {
        long number => number,
        decimal number => number,
        double number and > -1e27 and < 1e27 => (decimal)number,
        _ => 0,
    };

    /// <summary>The local time; with its offset in the hours around a clock change that come twice.</summary>
    private static string ShowTime(DateTimeOffset time, TimeZoneInfo zone)
    {
        var local = InZone(time, zone);
        return ShowTime(local.DateTime) + (zone.IsAmbiguousTime(local) ? local.ToString(" zzz", CultureInfo.InvariantCulture) : "");
    }

    /// <summary>At the ends of the calendar the local time may lie outside: then it is UTC's.</summary>
    private static DateTimeOffset InZone(DateTimeOffset time, TimeZoneInfo zone) =>
        time.UtcTicks > TimeSpan.TicksPerDay && time < DateTimeOffset.MaxValue.AddDays(-1) ? TimeZoneInfo.ConvertTime(time, zone) : time;

    private static string ShowTime(DateTime time) => time.ToString(
        time.Second == 0 && time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
