using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Alerts;

/// <summary>The counts of alerts. At the end of a run, waiting before + alerts = mailed + refused + waiting. Thread-safe.</summary>
internal sealed class AlertCounts
{
    /// <summary>Alerts of an earlier run that were waiting when the program started.</summary>
    public Counts.Count WaitingBefore { get; } = new("waiting before");

    /// <summary>New alerts. A redelivered bid counts once.</summary>
    public Counts.Count Alerts { get; } = new("alerts");

    /// <summary>Alerts in mails that the server accepted, or that are on the disk as .eml files.</summary>
    public Counts.Count Mailed { get; } = new("mailed");

    /// <summary>Alerts in mails that the server refused permanently.</summary>
    public Counts.Count Refused { get; } = new("refused");

    /// <summary>Alerts that are waiting when the program ends.</summary>
    public Counts.Count Waiting { get; } = new("waiting");

    /// <summary>Mails that the server accepted, or that are on the disk as .eml files.</summary>
    public Counts.Count Mails { get; } = new("mails");

    public IReadOnlyList<Counts.Count> All => [WaitingBefore, Alerts, Mailed, Refused, Waiting, Mails];
}
