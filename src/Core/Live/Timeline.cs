namespace AuctionTracker.Core.Live;

/// <summary>
/// The points of a chart that shows the last minutes: at most 120, of whole seconds each, aligned to the clock, so that a point stays the
/// same while the chart moves. Immutable.
/// </summary>
public sealed class Timeline
{
    private const int MaxPoints = 120;

    private static readonly int[] Steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

    /// <summary>Creates the points of a window.</summary>
    /// <param name="window">The time that the chart shows; from 10 seconds to 4 days (inclusive).</param>
    /// <exception cref="ArgumentOutOfRangeException">The window is outside its range.</exception>
    public Timeline(TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.FromSeconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, TimeSpan.FromDays(4));
        Window = window;
        Step = Steps.First(step => window.TotalSeconds / step <= MaxPoints);
        Points = (int)Math.Ceiling(window.TotalSeconds / Step) + 1;
    }

    /// <summary>The time that the chart shows.</summary>
    public TimeSpan Window { get; }

    /// <summary>The seconds of a point.</summary>
    public int Step { get; }

    /// <summary>The number of points: those of the window, of which the first may be cut, and the one that is not over.</summary>
    public int Points { get; }

    /// <summary>The seconds of all points.</summary>
    public int Seconds => Points * Step;

    /// <summary>The number of the point to which a time belongs.</summary>
    /// <param name="time">The time.</param>
    public long PointAt(DateTimeOffset time) => (long)Math.Floor(time.ToUnixTimeSeconds() / (double)Step);

    /// <summary>When a point begins.</summary>
    /// <param name="point">The number of the point.</param>
    public DateTimeOffset TimeOf(long point) => DateTimeOffset.FromUnixTimeSeconds(point * Step);
}
