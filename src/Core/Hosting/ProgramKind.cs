using System.CommandLine;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Core.Hosting;

/// <summary>What kind of program it is: the flags it takes, the figures it ends with, and what it says on Ctrl+C.</summary>
/// <param name="Flags">Its own flags; those every program has come on top.</param>
/// <param name="Figures">The counts it prints at its end.</param>
/// <param name="Pace">The count its rate line is about.</param>
/// <param name="Interrupted">What it says on Ctrl+C; "": it says so itself.</param>
public sealed record ProgramKind(
    IReadOnlyList<Setting> Flags,
    Func<Counts, IReadOnlyList<Counts.Count>> Figures,
    Func<Counts, Counts.Count> Pace,
    string Interrupted)
{
    /// <summary>Whether it writes the settings file: then it reads it itself, and may find it incomplete.</summary>
    public bool WritesSettings { get; init; }

    /// <summary>Does what a flag asks for instead of running the program; false where no flag does. <see langword="null"/>: no such flags.</summary>
    public Func<AuctionRun, CancellationToken, Task<bool>>? Command { get; init; }

    /// <summary>Options that are this program's alone.</summary>
    public IReadOnlyList<Option> OwnOptions { get; init; } = [];

    /// <summary>Arguments that are this program's alone.</summary>
    public IReadOnlyList<Argument> OwnArguments { get; init; } = [];

    /// <summary>Producer v1: sends and ends.</summary>
    public static readonly ProgramKind OneShotProducer = new(
        [AllSettings.Count, AllSettings.Seed, AllSettings.BadRate, AllSettings.Items, AllSettings.Monitor],
        counts => [counts.Sent, counts.Confirmed, counts.Returned, counts.Failed],
        counts => counts.Confirmed,
        "Producer interrupted. Exiting.");

    /// <summary>Producers v2 and v3: send every interval.</summary>
    public static readonly ProgramKind Producer = OneShotProducer with { Flags = [.. OneShotProducer.Flags, AllSettings.Interval] };

    /// <summary>Consumers v1 and v2.</summary>
    public static readonly ProgramKind Consumer = new(
        [AllSettings.Count, AllSettings.IdleExit, AllSettings.Prefetch, AllSettings.Items],
        counts => [counts.Received, counts.Handled, counts.DeadLettered, counts.Unacked],
        counts => counts.Received,
        "Consumer interrupted. Closing connection.");

    /// <summary>Consumer v3: keeps windows.</summary>
    public static readonly ProgramKind WindowConsumer = Consumer with { Flags = [.. Consumer.Flags, AllSettings.Window] };
}
