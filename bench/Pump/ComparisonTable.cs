using System.Globalization;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// Prints the results of paired runs. The throughput depends on the machine's other load; the ratio of a pair does not.
/// </summary>
internal sealed class ComparisonTable
{
    private readonly List<(RunResult Suite, RunResult Baseline)> _pairs = [];

    /// <summary>Adds a pair and prints its row.</summary>
    public void Add((RunResult Suite, RunResult Baseline) pair)
    {
        if (_pairs.Count == 0)
        {
            Console.WriteLine($"{"pair",6}{"suite bids/s",18}{"baseline bids/s",18}{"suite / baseline",18}");
        }

        _pairs.Add(pair);
        PrintThroughput($"{_pairs.Count}", [pair]);
    }

    /// <summary>Prints the medians of all pairs: throughput, and the cost per bid of each program.</summary>
    public void PrintMedians()
    {
        PrintThroughput("median", _pairs);
        Console.WriteLine();
        Console.WriteLine($"{"",22}{"suite",16}{"baseline",16}");
        PrintCost("producer", "bytes/bid", run => run.Producer.Bytes);
        PrintCost("consumer", "bytes/bid", run => run.Consumer.Bytes);
        PrintCost("producer", "CPU µs/bid", run => run.Producer.Microseconds);
        PrintCost("consumer", "CPU µs/bid", run => run.Consumer.Microseconds);
    }

    private static void PrintThroughput(string name, IReadOnlyList<(RunResult Suite, RunResult Baseline)> pairs)
    {
        var suite = Median(pairs, pair => pair.Suite.BidsPerSecond);
        var baseline = Median(pairs, pair => pair.Baseline.BidsPerSecond);
        var ratio = Median(pairs, pair => pair.Suite.BidsPerSecond / pair.Baseline.BidsPerSecond);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,6}{suite,18:#,0}{baseline,18:#,0}{ratio,18:0.00}"));
    }

    private void PrintCost(string program, string unit, Func<RunResult, double> cost)
    {
        var (suite, baseline) = (Median(_pairs, pair => cost(pair.Suite)), Median(_pairs, pair => cost(pair.Baseline)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{program,9} {unit,-12}{suite,16:#,0.0}{baseline,16:#,0.0}"));
    }

    private static double Median(
        IEnumerable<(RunResult Suite, RunResult Baseline)> pairs, Func<(RunResult Suite, RunResult Baseline), double> figure)
    {
        double[] sorted = [.. pairs.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
