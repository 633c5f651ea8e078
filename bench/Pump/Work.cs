using System.Globalization;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Bench.Pump;

/// <summary>What both sides have to do, in the same way.</summary>
/// <param name="Bids">How many bids.</param>
/// <param name="Seed">The seed they are made with.</param>
/// <param name="Items">What is bid on; each has a queue, and each queue a channel.</param>
/// <param name="Window">How many bids the producer has unconfirmed at the most.</param>
/// <param name="Prefetch">How many bids a queue's consumer holds unacked at the most.</param>
internal sealed record Work(int Bids, int Seed, IReadOnlyList<string> Items, int Window, int Prefetch)
{
    /// <summary>So many bids, with the settings of this run.</summary>
    public static Work Of(AuctionRun run, int bids) =>
        new(bids, Seed: 1, run.Settings.Items, run.Settings.Broker.ConfirmWindow, run.Settings.Consumer.Prefetch);

    /// <summary>Reads what <see cref="ToArguments"/> wrote.</summary>
    public static Work Parse(IReadOnlyList<string> arguments) =>
        new(Number(arguments[0]), Number(arguments[1]), arguments[2].Split(','), Number(arguments[3]), Number(arguments[4]));

    public IReadOnlyList<string> ToArguments() => [Text(Bids), Text(Seed), string.Join(',', Items), Text(Window), Text(Prefetch)];

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
