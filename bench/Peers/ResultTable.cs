using System.Globalization;

namespace AuctionTracker.Bench.Peers;

/// <summary>The medians of all rounds. The pace depends on the machine's other load; the ratios of one table hardly do.</summary>
internal sealed class ResultTable(IReadOnlyList<Peer> peers)
{
    private readonly Dictionary<Peer, List<PeerResult>> _results = peers.ToDictionary(peer => peer, _ => new List<PeerResult>());

    public void Add(Peer peer, PeerResult result) => _results[peer].Add(result);

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine($"{"",16}{"bids/s",10}{$"/ {peers[0].Name}",12}{"CPU µs a bid: producer",25}{"consumer",10}{"broker",10}");
        foreach (var peer in peers)
        {
            var pace = Median(peer, result => result.BidsPerSecond);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{peer.Name,-16}{pace,10:#,0}{pace / Median(peers[0], result => result.BidsPerSecond),12:0.00}{Median(peer, result => result.Producer),25:0.0}{Median(peer, result => result.Consumer),10:0.0}{Median(peer, result => result.Broker ?? double.NaN),10:0.0}  {peer.Does}"));
        }
    }

    private double Median(Peer peer, Func<PeerResult, double> figure)
    {
        double[] sorted = [.. _results[peer].Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
