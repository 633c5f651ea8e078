using System.Diagnostics;

namespace AuctionTracker.Core.Live;

/// <summary>A value that is made anew for each time it is read for, but once a second at most if that takes more than 5 ms. Not thread-safe.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal sealed class PacedValue<T>
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private (DateTimeOffset Time, TimeSpan Took, T Value)? _made;

    /// <summary>The value, up to a second old.</summary>
    /// <param name="now">The time.</param>
    /// <param name="make">Makes the value of that time.</param>
    public T At(DateTimeOffset now, Func<T> make)
    {
        if (_made is not { } made || (made.Took < Quick && made.Time != now) || now - made.Time >= Interval)
        {
            var start = Stopwatch.GetTimestamp();
            var value = make();
            _made = made = (now, Stopwatch.GetElapsedTime(start), value);
        }

        return made.Value;
    }
}
