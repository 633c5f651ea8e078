using System.Text.Encodings.Web;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using BenchmarkDotNet.Attributes;

namespace AuctionTracker.Bench.Parts;

/// <summary>A bid becomes a body.</summary>
[MemoryDiagnoser]
public class WritingBids
{
    // As BidJson writes: "+" and "é" stay what they are.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Bid _bid = SomeBid.Value;
    private readonly PlainBid _plain = SomeBid.Plain;

    [Benchmark(Baseline = true)]
    public byte[] Serializer() => JsonSerializer.SerializeToUtf8Bytes(_plain, Readable);

    [Benchmark]
    public byte[] Write() => BidJson.Write(_bid);
}
