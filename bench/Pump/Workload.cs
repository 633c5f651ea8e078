using System.Globalization;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Bench.Pump;

/// <summary>The bids and the limits that both contenders get.</summary>
/// <param name="Bids">Number of bids that are measured.</param>
/// <param name="Seed">Seed of the bid generator.</param>
/// <param name="Items">Items in the auction. Each item has a queue, and each queue has a channel.</param>
/// <param name="Window">Maximum number of unconfirmed publishes.</param>
/// <param name="Prefetch">Maximum number of unacked deliveries of a queue's consumer.</param>
internal sealed record Workload(int Bids, int Seed, IReadOnlyList<string> Items, int Window, int Prefetch)
{
    /// <summary>
    /// Number of bids before the measured ones. They keep program start and JIT compilation out of the result: tiered
    /// compilation took the first 50,000 to 75,000 bids of both contenders.
    /// </summary>
    public const int WarmUp = 75_000;

    /// <summary>Number of bids after the measured ones, so that the last measured bid lies between two samples.</summary>
    private const int CoolDown = 25_000;

    public int Total => WarmUp + Bids + CoolDown;

    public static Workload For(ProgramRun run, int bids) =>
        new(bids, Seed: 1, run.Settings.Items, run.Settings.Broker.ConfirmWindow, run.Settings.Consumer.Prefetch);

    /// <summary>Reads the result of <see cref="ToArguments"/>.</summary>
    public static Workload Parse(IReadOnlyList<string> arguments) =>
        new(Number(arguments[0]), Number(arguments[1]), arguments[2].Split(','), Number(arguments[3]), Number(arguments[4]));

    public IReadOnlyList<string> ToArguments() => [Text(Bids), Text(Seed), string.Join(',', Items), Text(Window), Text(Prefetch)];

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
