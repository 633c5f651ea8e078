using System.Text.Json;
using AuctionTracker.Core.Bids;
using BenchmarkDotNet.Attributes;

namespace AuctionTracker.Bench.Parts;

/// <summary>A body becomes a bid. The serializer is told nothing of what a bid may be; TryRead refuses all that is none.</summary>
[MemoryDiagnoser]
public class ReadingBids
{
    private readonly byte[] _body = SomeBid.Body;

    [Benchmark(Baseline = true)]
    public PlainBid? Serializer() => JsonSerializer.Deserialize<PlainBid>(_body);

    [Benchmark]
    public Bid? TryRead() => BidJson.TryRead(_body, out var bid, out _) ? bid : null;
}
