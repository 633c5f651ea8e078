using AuctionTracker.Core.Settings;

namespace AuctionTracker.Bench.Pump;

/// <summary>One of the two that are compared: how its programs are started, without the <c>dotnet</c> in front.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Producer">The producer: its assembly, then its arguments.</param>
/// <param name="Consumer">The consumer: its assembly, then its arguments.</param>
internal sealed record Side(string Name, IReadOnlyList<string> Producer, IReadOnlyList<string> Consumer)
{
    /// <summary>The suite's own programs, as a user starts them.</summary>
    public static Side Suite(Work work, string logs)
    {
        string[] common =
        [
            AllSettings.Quiet.Flag!, AllSettings.Logs.Flag!, logs,
            AllSettings.Items.Flag!, string.Join(',', work.Items), AllSettings.Count.Flag!, Work.Text(work.Total),
        ];
        return new(
            "suite",
            [
                "AuctionTracker.Producer.V3.dll", .. common,
                AllSettings.Interval.Flag!, "0", AllSettings.Seed.Flag!, Work.Text(work.Seed), AllSettings.Monitor.Flag!, "n",
            ],
            ["AuctionTracker.Consumer.V3.dll", .. common, AllSettings.Prefetch.Flag!, Work.Text(work.Prefetch)]);
    }

    /// <summary>The client library with as little around it as possible: this program itself, started another way.</summary>
    public static Side Bare(Work work) => new(
        "bare",
        ["AuctionTracker.Pump.dll", BareProducer.Argument, .. work.ToArguments()],
        ["AuctionTracker.Pump.dll", BareConsumer.Argument, .. work.ToArguments()]);
}
