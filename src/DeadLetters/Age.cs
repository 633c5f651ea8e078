using System.Globalization;

namespace AuctionTracker.Letters;

/// <summary>Spans of time in one unit, as people write them: <c>90s</c>, <c>5m</c>, <c>2h</c>, <c>3d</c>.</summary>
internal static class Age
{
    /// <summary>Reads a span; <see langword="null"/> where there is none, or it is none.</summary>
    public static TimeSpan? Read(string? text) =>
        text is [.. var number, var unit] && SecondsIn(unit) is { } seconds &&
        ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? TimeSpan.FromSeconds((long)count * seconds)
            : null;

    /// <summary>Writes a span in the largest unit that fits; a time in the future, by a clock that differs, is 0 s ago.</summary>
    public static string Write(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{(long)age.TotalDays}d",
        { TotalHours: >= 1 } => $"{(int)age.TotalHours}h",
        { TotalMinutes: >= 1 } => $"{(int)age.TotalMinutes}m",
        _ => $"{Math.Max(0, (int)age.TotalSeconds)}s",
    };

    private static int? SecondsIn(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => null,
    };
}
