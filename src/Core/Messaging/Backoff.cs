namespace AuctionTracker.Core.Messaging;

/// <summary>Exponential back-off: each pause doubles the one before, up to a limit, with jitter of ±25%. Not thread-safe.</summary>
/// <param name="first">The first pause, before jitter.</param>
/// <param name="longest">The longest pause, before jitter.</param>
public sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private readonly Random _jitter = new();

    /// <summary>The pause after a failed attempt.</summary>
    /// <param name="attempt">The number of the attempt that failed, from 1.</param>
    public TimeSpan After(int attempt)
    {
        var doubled = first * Math.Pow(2, Math.Min(attempt - 1, 30));
        return (doubled < longest ? doubled : longest) * (0.75 + (_jitter.NextDouble() / 2));
    }
}
