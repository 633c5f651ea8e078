
namespace AuctionTracker.Core.Settings;

/// <summary>The alert rules, and the storage and dispatch of alerts.</summary>
/// <param name="Rules">The alert rules.</param>
/// <param name="Outbox">The folder for .eml files, used while no mail is set up.</param>
/// <param name="Database">The SQLite file that keeps the alerts.</param>
/// <param name="Dispatch">The grouping and the times of mails.</param>
public sealed record AlertSettings(RuleSettings Rules, string Outbox, string Database, DispatchSettings Dispatch);

/// <summary>The alert rules. A rule whose value is <see langword="null"/> or <see langword="false"/> is off.</summary>
/// <param name="Threshold">A bid strictly above it is high, unless its item has a threshold of its own.</param>
/// <param name="ItemThresholds">The thresholds of single items, by the item's name as in its queue.</param>
public sealed record RuleSettings(decimal? Threshold, IReadOnlyDictionary<string, decimal> ItemThresholds)
{
    /// <summary>Alerts on a new high of an auction or of an item; never <see cref="GroupBy.Bid"/>.</summary>
    public GroupBy? NewHighOf { get; init; }

    /// <summary>Alerts on a bid more than so many percent above the mean of the other bids in its full window.</summary>
    public decimal? JumpPercent { get; init; }

    /// <summary>Alerts on more bids than this on an item within a minute.</summary>
    public int? BidsPerMinute { get; init; }

    /// <summary>Alerts when the prices in a full window differ by less than this.</summary>
    public decimal? StalledBelow { get; init; }

    /// <summary>Alerts on more dead letters than this within a minute.</summary>
    public int? DeadLettersPerMinute { get; init; }

    /// <summary>Alerts when an auction closed with a sale.</summary>
    public bool AuctionClosed { get; init; }

    /// <summary>Alerts when an auction closed without a sale.</summary>
    public bool AuctionUnsold { get; init; }
}

/// <summary>The grouping and the times of mails.</summary>
/// <param name="GroupBy">The alerts that share a mail: a group.</param>
/// <param name="GroupWait">How long a group's mail waits for more alerts after the first one.</param>
/// <param name="RepeatInterval">The shortest time between two mails of a group.</param>
/// <param name="MailsPerHour">Largest number of mails in an hour, without digests; <see langword="null"/>: no limit.</param>
/// <param name="DigestInterval">How long a digest collects the alerts above that limit.</param>
/// <param name="Quiet">The hours without mail; <see langword="null"/>: none.</param>
public sealed record DispatchSettings(
    GroupBy GroupBy, TimeSpan GroupWait, TimeSpan RepeatInterval, int? MailsPerHour, TimeSpan DigestInterval, QuietHours? Quiet);

/// <summary>The alerts that share a mail.</summary>
public enum GroupBy
{
    /// <summary>Those of the same bid.</summary>
    Bid,

    /// <summary>Those of the same auction, or of the same item if the bid names no auction.</summary>
    Auction,

    /// <summary>Those of the same item.</summary>
    Item,
}
