using System.Globalization;

namespace AuctionTracker.Core.Settings;

/// <summary>A time span as people write it: a whole number and its unit, as in <c>90s</c>, <c>5m</c>, <c>2h</c> or <c>3d</c>.</summary>
public static class Duration
{
    /// <summary>What is allowed: completes "must be …".</summary>
    public const string Allowed = "a whole number up to 65535 with its unit, as in 90s, 5m, 2h or 3d";

    /// <summary>Reads a time span.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The time span; <see langword="null"/> if the text is none.</returns>
    public static TimeSpan? Parse(string text) =>
        text is [.. var number, var unit] && SecondsIn(unit) is { } seconds &&
        ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? TimeSpan.FromSeconds((long)count * seconds)
            : null;

    private static int? SecondsIn(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => null,
    };
}
