using AuctionTracker.Core.Windows;
using BenchmarkDotNet.Attributes;

namespace AuctionTracker.Bench.Parts;

/// <summary>Adds an amount to a full window and reads the summary. The time should not depend on the capacity.</summary>
[MemoryDiagnoser]
public class RollingWindowBenchmarks
{
    private decimal[] _amounts = [];
    private RollingWindow<decimal> _rolling = null!;
    private Queue<decimal> _queue = null!;
    private int _next;

    [Params(5, 1_000, 100_000)]
    public int Capacity { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _amounts = [.. Enumerable.Range(0, 1 << 16).Select(_ => random.Next(1_000, 100_001) / 100m)];
        _rolling = new RollingWindow<decimal>(Capacity, amount => amount);
        _queue = new Queue<decimal>(Capacity);
        for (var i = 0; i < Capacity; i++)
        {
            _rolling.Add(NextAmount());
            _queue.Enqueue(NextAmount());
        }
    }

    /// <summary>The simplest implementation: a queue, and LINQ over all of it for each figure.</summary>
    [Benchmark(Baseline = true)]
    public WindowSummary QueueAndLinq()
    {
        _queue.Dequeue();
        _queue.Enqueue(NextAmount());
        return new WindowSummary(_queue.Count, _queue.Last(), _queue.Max(), _queue.Min(), _queue.Sum(), _queue.Average());
    }

    [Benchmark]
    public WindowSummary RollingWindow()
    {
        _rolling.Add(NextAmount());
        return _rolling.Summary;
    }

    private decimal NextAmount() => _amounts[_next++ & (_amounts.Length - 1)];
}
