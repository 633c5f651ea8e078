using System.Globalization;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Bench.Pump;

/// <summary>What both sides have to do, in the same way.</summary>
/// <param name="Bids">How many bids are measured.</param>
/// <param name="Seed">The seed they are made with.</param>
/// <param name="Items">What is bid on; each has a queue, and each queue a channel.</param>
/// <param name="Window">How many bids the producer has unconfirmed at the most.</param>
/// <param name="Prefetch">How many bids a queue's consumer holds unacked at the most.</param>
internal sealed record Work(int Bids, int Seed, IReadOnlyList<string> Items, int Window, int Prefetch)
{
    /// <summary>
    /// How many bids come before those that are measured: .NET compiles its hot code anew while these are under way (it took
    /// the first 50,000 to 75,000 here, for both sides), and how a program starts is not the question.
    /// </summary>
    public const int WarmUp = 75_000;

    /// <summary>How many come after: more than go by between two samples.</summary>
    private const int Tail = 25_000;

    /// <summary>How many bids there are in all.</summary>
    public int Total => WarmUp + Bids + Tail;

    /// <summary>So many bids, with the settings of this run.</summary>
    public static Work Of(ProgramRun run, int bids) =>
        new(bids, Seed: 1, run.Settings.Items, run.Settings.Broker.ConfirmWindow, run.Settings.Consumer.Prefetch);

    /// <summary>Reads what <see cref="ToArguments"/> wrote.</summary>
    public static Work Parse(IReadOnlyList<string> arguments) =>
        new(Number(arguments[0]), Number(arguments[1]), arguments[2].Split(','), Number(arguments[3]), Number(arguments[4]));

    public IReadOnlyList<string> ToArguments() => [Text(Bids), Text(Seed), string.Join(',', Items), Text(Window), Text(Prefetch)];

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
