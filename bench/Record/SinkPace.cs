using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Record;

/// <summary>Compares sinks with a recorder that keeps nothing: both read queues that the same producer filled, one after the other.</summary>
internal static class SinkPace
{
    private const string Postgres = "postgres";

    private static readonly (string Name, string[] Sinks)[] Cases =
        [("jsonl", ["jsonl"]), ("sqlite", ["sqlite"]), ("duckdb", ["duckdb"]), (Postgres, [Postgres]), ("all four", ["jsonl", "sqlite", "duckdb", Postgres])];

    public static async Task MeasureAsync(RunningBroker broker, int bids, int rounds, ProgramRun run, CancellationToken stop)
    {
        foreach (var (name, sinks) in Cases)
        {
            List<(double Recorder, double Nothing)> seconds = [];
            for (var round = 0; round < rounds; round++)
            {
                await using var pair = await RecordRun.StartAsync(broker, sinks.Concat(sinks.Select(NothingOf)), run, stop);
                await pair.ProduceAsync(bids, stop);
                var addresses = await Task.WhenAll(sinks.Select(AddressAsync));
                var nothing = round % 2 == 0 ? await pair.ReadAsync(sinks.Select(NothingOf), bids, stop) : 0;
                var recorder = await pair.RecordAsync(addresses, bids, stop);
                nothing = round % 2 == 0 ? nothing : await pair.ReadAsync(sinks.Select(NothingOf), bids, stop);
                seconds.Add((recorder, nothing));
            }

            var all = bids * sinks.Length;
            run.Log.Information(
                "{Name}: {Pace:#,0} bids/s; keeping nothing: {Nothing:#,0} bids/s; ratio {Ratio:0.00} (median of {Rounds})",
                name, all / Median(seconds.Select(s => s.Recorder)), all / Median(seconds.Select(s => s.Nothing)),
                Median(seconds.Select(s => s.Nothing / s.Recorder)), rounds);
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string NothingOf(string sink) => $"nothing_{sink}";

    private static async Task<string> AddressAsync(string sink) => sink switch
    {
        "jsonl" => "data/bids/",
        "sqlite" => "data/bids.db",
        "duckdb" => "data/bids.duckdb",
        _ => (await PostgresCluster.DatabaseAsync()).ToString(),
    };
}
