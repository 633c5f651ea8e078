using AuctionTracker.Core.Settings;

namespace AuctionTracker.Bench.Pump;

/// <summary>A producer and a consumer that are compared with another pair.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Producer">Arguments of <c>dotnet</c> that start the producer: its assembly, then its own arguments.</param>
/// <param name="Consumer">Arguments of <c>dotnet</c> that start the consumer: its assembly, then its own arguments.</param>
internal sealed record Contender(string Name, IReadOnlyList<string> Producer, IReadOnlyList<string> Consumer)
{
    /// <summary>Producer v3 and consumer v3, started as a user starts them.</summary>
    public static Contender Suite(Workload workload, string logs)
    {
        string[] common =
        [
            AllSettings.Quiet.Flag!, AllSettings.Logs.Flag!, logs,
            AllSettings.Items.Flag!, string.Join(',', workload.Items), AllSettings.Count.Flag!, Workload.Text(workload.Total),
        ];
        return new(
            "suite",
            [
                "AuctionTracker.Producer.V3.dll", .. common,
                AllSettings.Interval.Flag!, "0", AllSettings.Seed.Flag!, Workload.Text(workload.Seed), AllSettings.Monitor.Flag!, "n",
            ],
            ["AuctionTracker.Consumer.V3.dll", .. common, AllSettings.Prefetch.Flag!, Workload.Text(workload.Prefetch)]);
    }

    /// <summary>The RabbitMQ client library alone: this program, started with other arguments.</summary>
    public static Contender Baseline(Workload workload) => new(
        "baseline",
        ["AuctionTracker.Pump.dll", BaselineProducer.Argument, .. workload.ToArguments()],
        ["AuctionTracker.Pump.dll", BaselineConsumer.Argument, .. workload.ToArguments()]);
}
