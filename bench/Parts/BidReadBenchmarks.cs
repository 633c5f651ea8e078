using System.Text.Json;
using AuctionTracker.Core.Bids;
using BenchmarkDotNet.Attributes;

namespace AuctionTracker.Bench.Parts;

/// <summary>Reads a bid from a message body. The baseline validates nothing; <see cref="BidJson"/> validates every field.</summary>
[MemoryDiagnoser]
public class BidReadBenchmarks
{
    private readonly byte[] _body = SampleBid.Body;

    [Benchmark(Baseline = true)]
    public BidDto? Deserialize() => JsonSerializer.Deserialize<BidDto>(_body);

    [Benchmark]
    public Bid? TryRead() => BidJson.TryRead(_body, out var bid, out _) ? bid : null;
}
