using System.CommandLine;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Core.Hosting;

/// <summary>Defines a program's command line, the counts it prints, and its message on Ctrl+C.</summary>
/// <param name="Flags">The settings with a flag in this program, besides those of every program.</param>
/// <param name="FinalCounts">The counts it prints when it ends; none: it prints no counts.</param>
/// <param name="RateCount">The count whose rate <c>--quiet</c> prints every second.</param>
/// <param name="InterruptedMessage">The message it logs on Ctrl+C and SIGTERM, or "" for none.</param>
public sealed record ProgramDefinition(
    IReadOnlyList<Setting> Flags,
    Func<Counts, IReadOnlyList<Counts.Count>> FinalCounts,
    Func<Counts, Counts.Count> RateCount,
    string InterruptedMessage)
{
    /// <summary>What <see cref="RateCount"/> counts, in the plural.</summary>
    public string RateUnit { get; init; } = "bids";

    /// <summary>Whether it writes the settings file; then the file is not read at the start and may be incomplete.</summary>
    public bool WritesSettings { get; init; }

    /// <summary>Whether standard output is for the program's own output alone; log lines then go to standard error.</summary>
    public bool ReservesOutput { get; init; }

    /// <summary>
    /// Runs a command such as <c>--mail-test</c> instead of the program. Returns <see langword="false"/> when the command line has no
    /// such command. <see langword="null"/> (the default): the program has no commands.
    /// </summary>
    public Func<ProgramRun, CancellationToken, Task<bool>>? Command { get; init; }

    /// <summary>Options that are not settings. None by default.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>Arguments. None by default.</summary>
    public IReadOnlyList<Argument> Arguments { get; init; } = [];

    /// <summary>Producer v0: appends to a file every interval.</summary>
    public static readonly ProgramDefinition FileProducer = new(
        [AllSettings.LiveFile, AllSettings.Count, AllSettings.Interval, AllSettings.Seed, AllSettings.BadRate, AllSettings.Auctions, AllSettings.AuctionTime, AllSettings.Items],
        counts => [counts.Sent],
        counts => counts.Sent,
        "Producer interrupted. Exiting.");

    /// <summary>Consumer v0: follows a file until it is stopped.</summary>
    public static readonly ProgramDefinition FileConsumer = new(
        [AllSettings.LiveFile, AllSettings.Count, AllSettings.IdleExit, AllSettings.Window],
        counts => [counts.Received, counts.Handled, counts.BadRows],
        counts => counts.Received,
        "Consumer interrupted. Closing file.");

    /// <summary>Producer v1: publishes and ends.</summary>
    public static readonly ProgramDefinition OneShotProducer = new(
        [AllSettings.Count, AllSettings.Seed, AllSettings.BadRate, AllSettings.Auctions, AllSettings.AuctionTime, AllSettings.Items, AllSettings.Monitor],
        counts => [counts.Sent, counts.Confirmed, counts.Returned, counts.Failed],
        counts => counts.Confirmed,
        "Producer interrupted. Exiting.");

    /// <summary>Producers v2 and v3: publish every interval.</summary>
    public static readonly ProgramDefinition Producer = OneShotProducer with { Flags = [.. OneShotProducer.Flags, AllSettings.Interval] };

    /// <summary>Consumers v1 and v2: consume until they are stopped.</summary>
    public static readonly ProgramDefinition Consumer = new(
        [AllSettings.Count, AllSettings.IdleExit, AllSettings.Prefetch, AllSettings.Items],
        counts => [counts.Received, counts.Handled, counts.DeadLettered, counts.Unacked],
        counts => counts.Received,
        "Consumer interrupted. Closing connection.");

    /// <summary>Consumer v3: adds <c>--window</c>.</summary>
    public static readonly ProgramDefinition WindowConsumer = Consumer with { Flags = [.. Consumer.Flags, AllSettings.Window] };
}
