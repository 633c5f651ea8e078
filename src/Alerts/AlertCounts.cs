using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Alerts;

/// <summary>
/// What became of the alerts. At the end of every program waiting before + alerts = mailed + refused + waiting. Thread-safe.
/// </summary>
public sealed class AlertCounts
{
    /// <summary>Alerts of an earlier run that were still waiting when the program started.</summary>
    public Counts.Count WaitingBefore { get; } = new("waiting before");

    /// <summary>New alerts. A bid that is delivered twice counts once.</summary>
    public Counts.Count Alerts { get; } = new("alerts");

    /// <summary>Alerts whose mail was accepted by the server, or is on disk.</summary>
    public Counts.Count Mailed { get; } = new("mailed");

    /// <summary>Alerts whose mail the server will never accept.</summary>
    public Counts.Count Refused { get; } = new("refused");

    /// <summary>Alerts that are still waiting when the program ends.</summary>
    public Counts.Count Waiting { get; } = new("waiting");

    /// <summary>Mails that were accepted by the server, or are on disk.</summary>
    public Counts.Count Mails { get; } = new("mails");

    internal IReadOnlyList<Counts.Count> All => [WaitingBefore, Alerts, Mailed, Refused, Waiting, Mails];
}
