namespace AuctionTracker.Bench.Pump;

/// <summary>A run of one side.</summary>
/// <param name="Producer">How the producer did.</param>
/// <param name="Consumer">How the consumer did.</param>
internal sealed record Outcome(Pace Producer, Pace Consumer)
{
    /// <summary>The pace of the whole: what arrives.</summary>
    public double BidsPerSecond => Consumer.BidsPerSecond;
}
