namespace AuctionTracker.Bench.Pump;

/// <summary>What a program's samples say about the steady part of its run.</summary>
/// <param name="BidsPerSecond">How fast it was.</param>
/// <param name="Bytes">What it allocated a bid.</param>
/// <param name="Microseconds">What CPU time it took a bid, user and system.</param>
internal sealed record Pace(double BidsPerSecond, double Bytes, double Microseconds)
{
    /// <summary>A producer's pace. What it sends besides bids, some twenty methods that declare queues, is lost in rounding.</summary>
    public static Pace OfProducer(string file, Work work, Turns turns) => Of(file, work, turns, sample => sample.Sent);

    /// <summary>
    /// A consumer's pace. What came in is ahead of what was handled by the prefetch at the most, and that at either end.
    /// </summary>
    public static Pace OfConsumer(string file, Work work, Turns turns) => Of(file, work, turns, sample => sample.Received);

    private static Pace Of(string file, Work work, Turns turns, Func<Sample, double> progress)
    {
        Sample[] samples = [.. File.ReadLines(file).Select(Sample.Parse)];
        var (from, to) = (When(Work.WarmUp), When(Work.WarmUp + work.Bids));
        var passed = progress(to) - progress(from);
        return new(
            passed / turns.Within(from.Seconds, to.Seconds), (to.Bytes - from.Bytes) / passed, (to.CpuSeconds - from.CpuSeconds) / passed * 1e6);

        Sample When(int bid)
        {
            var after = Array.FindIndex(samples, sample => progress(sample) >= bid);
            var (before, then) = (samples[after - 1], samples[after]);
            return before.Towards(then, (bid - progress(before)) / (progress(then) - progress(before)));
        }
    }
}
