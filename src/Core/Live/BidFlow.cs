namespace AuctionTracker.Core.Live;

/// <summary>
/// How many bids arrive in each second of a window, and in all. Bids may come in any order; those from before the window count in the total
/// only. Not thread-safe.
/// </summary>
public sealed class BidFlow
{
    /// <summary>The rate is a mean over so many whole seconds: a single one is 0 or 1 where bids are rare.</summary>
    private const int RateSeconds = 5;

    private readonly TimeRing<int> _seconds;

    /// <summary>Creates a flow without bids.</summary>
    /// <param name="timeline">The points of the window.</param>
    public BidFlow(Timeline timeline) => (Timeline, _seconds) = (timeline, new TimeRing<int>(timeline.Seconds + RateSeconds));

    /// <summary>The points of the window.</summary>
    public Timeline Timeline { get; }

    /// <summary>The number of bids.</summary>
    public long Total { get; private set; }

    /// <summary>The bids of the busiest second so far.</summary>
    public int Peak { get; private set; }

    /// <summary>Adds a bid.</summary>
    /// <param name="arrived">When it arrived.</param>
    public void Add(DateTimeOffset arrived)
    {
        Total++;
        Peak = Math.Max(Peak, ++_seconds.At(arrived.ToUnixTimeSeconds()));
    }

    /// <summary>Bids a second, the mean of the last five whole seconds.</summary>
    /// <param name="now">The time.</param>
    public double RateAt(DateTimeOffset now) => Sum(now.ToUnixTimeSeconds() - RateSeconds, RateSeconds) / (double)RateSeconds;

    /// <summary>
    /// The points of the window, the oldest first. The last one is not over: its rate is that of its whole seconds so far, and until the first
    /// of them is over that of the point before.
    /// </summary>
    /// <param name="now">The time.</param>
    public IReadOnlyList<FlowPoint> PointsAt(DateTimeOffset now)
    {
        var points = new FlowPoint[Timeline.Points];
        var (total, second) = (Total, now.ToUnixTimeSeconds());
        for (var i = points.Length - 1; i >= 0; i--)
        {
            var opens = Timeline.PointAt(now) - (points.Length - 1 - i);
            var bids = Sum(opens * Timeline.Step, Timeline.Step);
            var seconds = Math.Min(Timeline.Step, (int)(second - (opens * Timeline.Step)));
            points[i] = new FlowPoint(Timeline.TimeOf(opens), Sum(opens * Timeline.Step, seconds) / (double)Math.Max(seconds, 1), total);
            total -= bids;
        }

        if (second == Timeline.PointAt(now) * Timeline.Step)
        {
            points[^1] = points[^1] with { Rate = points[^2].Rate };
        }

        return points;
    }

    private int Sum(long second, int seconds)
    {
        var sum = 0;
        for (var i = 0; i < seconds; i++)
        {
            sum += _seconds[second + i];
        }

        return sum;
    }
}

/// <summary>A point of the flow.</summary>
/// <param name="Opens">When its time begins.</param>
/// <param name="Rate">Bids a second.</param>
/// <param name="Total">The number of all bids until its end.</param>
public readonly record struct FlowPoint(DateTimeOffset Opens, double Rate, long Total);
