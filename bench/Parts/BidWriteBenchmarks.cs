using System.Text.Encodings.Web;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using BenchmarkDotNet.Attributes;

namespace AuctionTracker.Bench.Parts;

/// <summary>Writes a bid as a message body.</summary>
[MemoryDiagnoser]
public class BidWriteBenchmarks
{
    // The encoder of BidJson: it does not escape "+" and "é".
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Bid _bid = SampleBid.Value;
    private readonly BidDto _dto = SampleBid.Dto;

    [Benchmark(Baseline = true)]
    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(_dto, Relaxed);

    [Benchmark]
    public byte[] Write() => BidJson.Write(_bid);
}
