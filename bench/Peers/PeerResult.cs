using System.Globalization;

namespace AuctionTracker.Bench.Peers;

/// <summary>What a run took.</summary>
/// <param name="BidsPerSecond">From the start of both programs to the end of the last one.</param>
/// <param name="Producer">CPU time of the producer in microseconds a bid.</param>
/// <param name="Consumer">CPU time of the consumer in microseconds a bid.</param>
/// <param name="Broker">CPU time of the broker in microseconds a bid; <see langword="null"/> if it is not on this machine.</param>
internal sealed record PeerResult(double BidsPerSecond, double Producer, double Consumer, double? Broker)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{BidsPerSecond:#,0} bids/s; CPU µs a bid: producer {Producer:0.0}, consumer {Consumer:0.0}, broker {Broker:0.0}");
}
