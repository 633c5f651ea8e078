namespace AuctionTracker.Bench.Pump;

/// <summary>When it was a side's turn, in seconds on the clock of the samples.</summary>
internal sealed class Turns
{
    private readonly List<(double From, double To)> _turns = [];

    public void Add(double from, double to) => _turns.Add((from, to));

    /// <summary>How much of the time between two moments was this side's.</summary>
    public double Within(double from, double to) =>
        _turns.Sum(turn => Math.Max(0, Math.Min(turn.To, to) - Math.Max(turn.From, from)));
}
