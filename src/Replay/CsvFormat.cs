using System.Globalization;

namespace AuctionTracker.Replay;

/// <summary>What the command line says about a CSV file.</summary>
internal sealed record CsvFormat
{
    private readonly NumberFormatInfo _numbers = NumberFormatInfo.InvariantInfo;

    /// <summary>The column of each field that is not found by its own name.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>The names of the columns, or <see langword="null"/> where the file has a header line.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The item of all bids, or <see langword="null"/> where a column holds it.</summary>
    public string? Item { get; init; }

    /// <summary>The delimiter, or <see langword="null"/> where the first row tells.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The time that numbers in the time column count from.</summary>
    public DateTimeOffset Opening { get; init; }

    /// <summary>The unit of numbers in the time column.</summary>
    public long TicksPerUnit { get; init; } = TimeSpan.TicksPerDay;

    /// <summary>Whether a comma separates the decimals.</summary>
    public bool HasDecimalComma
    {
        get => _numbers.NumberDecimalSeparator == ",";
        init => _numbers = value ? new NumberFormatInfo { NumberDecimalSeparator = "," } : NumberFormatInfo.InvariantInfo;
    }

    /// <summary>Reads a number without thousands separators.</summary>
    public bool TryReadNumber(string text, out decimal number) => decimal.TryParse(text, NumberStyles.Float, _numbers, out number);

    /// <summary>Reads a time: ISO 8601, or a number of units since the opening.</summary>
    public bool TryReadTime(string text, out DateTimeOffset time)
    {
        if (!TryReadNumber(text, out var units))
        {
            return DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        }

        // No time is further from another one: the product below can't overflow.
        const decimal MaxTicks = 3_200_000_000_000_000_000m;
        time = default;
        if (Math.Abs(units) > MaxTicks / TicksPerUnit)
        {
            return false;
        }

        var ticks = Opening.UtcTicks + (units * TicksPerUnit);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }
}
