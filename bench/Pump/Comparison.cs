using System.Globalization;

namespace AuctionTracker.Bench.Pump;

/// <summary>The pairs so far, as a table. On a machine that has other work the ratios hold, and the rates do not.</summary>
internal sealed class Comparison
{
    private readonly List<(Outcome Suite, Outcome Bare)> _pairs = [];

    /// <summary>Adds a pair and prints its row.</summary>
    public void Add((Outcome Suite, Outcome Bare) pair)
    {
        if (_pairs.Count == 0)
        {
            Console.WriteLine($"{"pair",6}{"suite bids/s",16}{"bare bids/s",16}{"suite / bare",16}");
        }

        _pairs.Add(pair);
        PrintRate($"{_pairs.Count}", [_pairs[^1]]);
    }

    /// <summary>Prints the medians of all pairs, and what each program takes a bid.</summary>
    public void PrintMedians()
    {
        PrintRate("median", _pairs);
        Console.WriteLine();
        Console.WriteLine($"{"",16}{"suite",16}{"bare",16}");
        PrintCost("producer", "bytes/bid", run => run.Producer.Bytes);
        PrintCost("consumer", "bytes/bid", run => run.Consumer.Bytes);
        PrintCost("producer", "CPU µs/bid", run => run.Producer.Microseconds);
        PrintCost("consumer", "CPU µs/bid", run => run.Consumer.Microseconds);
    }

    private static void PrintRate(string name, IReadOnlyList<(Outcome Suite, Outcome Bare)> pairs) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,6}{Median(pairs, p => p.Suite.BidsPerSecond),16:#,0}{Median(pairs, p => p.Bare.BidsPerSecond),16:#,0}{Median(pairs, p => p.Suite.BidsPerSecond / p.Bare.BidsPerSecond),16:0.00}"));

    private void PrintCost(string program, string unit, Func<Outcome, double> cost) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{program,9} {unit,-12}{Median(_pairs, p => cost(p.Suite)),10:#,0.0}{Median(_pairs, p => cost(p.Bare)),16:#,0.0}"));

    private static double Median(IEnumerable<(Outcome Suite, Outcome Bare)> pairs, Func<(Outcome Suite, Outcome Bare), double> figure)
    {
        double[] sorted = [.. pairs.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
