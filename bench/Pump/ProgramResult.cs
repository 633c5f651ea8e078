namespace AuctionTracker.Bench.Pump;

/// <summary>The result of a contender's run.</summary>
internal sealed record RunResult(ProgramResult Producer, ProgramResult Consumer)
{
    /// <summary>End-to-end throughput: what the consumer receives.</summary>
    public double BidsPerSecond => Consumer.BidsPerSecond;
}

/// <summary>Throughput and cost of a program over the measured bids.</summary>
/// <param name="BidsPerSecond">Throughput within the contender's time slices.</param>
/// <param name="Bytes">Allocated bytes per bid.</param>
/// <param name="Microseconds">CPU time per bid, user and system.</param>
internal sealed record ProgramResult(double BidsPerSecond, double Bytes, double Microseconds)
{
    /// <summary>Counts the methods sent. Besides a publish for each bid, these are some twenty that declare queues.</summary>
    public static ProgramResult OfProducer(string sampleFile, Workload workload, IReadOnlyList<(double From, double To)> slices) =>
        Of(sampleFile, workload, slices, sample => sample.Sent);

    /// <summary>Counts the methods received. They are ahead of the handled bids by at most the prefetch, at both ends.</summary>
    public static ProgramResult OfConsumer(string sampleFile, Workload workload, IReadOnlyList<(double From, double To)> slices) =>
        Of(sampleFile, workload, slices, sample => sample.Received);

    private static ProgramResult Of(
        string sampleFile, Workload workload, IReadOnlyList<(double From, double To)> slices, Func<Sample, double> progress)
    {
        Sample[] samples = [.. File.ReadLines(sampleFile).Select(Sample.Parse)];
        var (from, to) = (At(Workload.WarmUp), At(Workload.WarmUp + workload.Bids));
        var bids = progress(to) - progress(from);
        var seconds = slices.Sum(slice => Math.Max(0, Math.Min(slice.To, to.Seconds) - Math.Max(slice.From, from.Seconds)));
        return new(bids / seconds, (to.Bytes - from.Bytes) / bids, (to.CpuSeconds - from.CpuSeconds) / bids * 1e6);

        Sample At(int bid)
        {
            var index = Array.FindIndex(samples, sample => progress(sample) >= bid);
            var (before, after) = (samples[index - 1], samples[index]);
            return before.InterpolateTo(after, (bid - progress(before)) / (progress(after) - progress(before)));
        }
    }
}
