namespace AuctionTracker.Bench.Pump;

/// <summary>What a program's samples say about the steady part of its run.</summary>
/// <param name="BidsPerSecond">How fast it was.</param>
/// <param name="Bytes">What it allocated a bid.</param>
/// <param name="Microseconds">What CPU time it took a bid, user and system.</param>
internal sealed record Pace(double BidsPerSecond, double Bytes, double Microseconds)
{
    // Up to the first share the program starts, connects and is compiled; from the last one on it runs dry.
    private const double First = 0.2;
    private const double Last = 0.95;

    /// <summary>A producer's pace. What it sends besides bids, some twenty methods that declare queues, is lost in rounding.</summary>
    public static Pace OfProducer(string file, int bids) => Of(file, bids, sample => sample.Sent);

    /// <summary>
    /// A consumer's pace. What came in is ahead of what was handled by the prefetch at the most, and that at either end.
    /// </summary>
    public static Pace OfConsumer(string file, int bids) => Of(file, bids, sample => sample.Received);

    private static Pace Of(string file, int bids, Func<Sample, double> progress)
    {
        Sample[] samples = [.. File.ReadLines(file).Select(Sample.Parse)];
        var (from, to) = (When(First * bids), When(Last * bids));
        var passed = progress(to) - progress(from);
        return new(
            passed / (to.Seconds - from.Seconds), (to.Bytes - from.Bytes) / passed, (to.CpuSeconds - from.CpuSeconds) / passed * 1e6);

        Sample When(double bid)
        {
            var after = Array.FindIndex(samples, sample => progress(sample) >= bid);
            if (after < 1)
            {
                throw new InvalidDataException($"{bids} bids are too few to be measured: there is no sample around bid {bid:0}. Take more.");
            }

            var (before, then) = (samples[after - 1], samples[after]);
            return before.Towards(then, (bid - progress(before)) / (progress(then) - progress(before)));
        }
    }
}
