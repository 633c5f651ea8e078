
namespace AuctionTracker.Core.Settings;

/// <summary>What calls for an alert, and what becomes of it.</summary>
/// <param name="Rules">What calls for an alert.</param>
/// <param name="Outbox">The folder for .eml files, where no mail is set up.</param>
/// <param name="Database">The file that keeps the alerts.</param>
/// <param name="Dispatch">Which alerts share a mail, and when it goes.</param>
public sealed record AlertSettings(RuleSettings Rules, string Outbox, string Database, DispatchSettings Dispatch);

/// <summary>What calls for an alert. A rule without a figure is off.</summary>
/// <param name="Threshold">A bid strictly above it is high; <see langword="null"/>: only on items with a threshold of their own.</param>
/// <param name="ItemThresholds">The thresholds of single items, by the item's name as in its queue.</param>
public sealed record RuleSettings(decimal? Threshold, IReadOnlyDictionary<string, decimal> ItemThresholds)
{
    /// <summary>Of what a new high is told: an auction or an item.</summary>
    public GroupBy? NewHighOf { get; init; }

    /// <summary>A bid more than so many percent above the mean of the others in its full window is a jump.</summary>
    public decimal? JumpPercent { get; init; }

    /// <summary>How many bids a minute on an item are not yet too many.</summary>
    public int? BidsPerMinute { get; init; }

    /// <summary>By how much the prices of a full window differ at the least, unless it has stalled.</summary>
    public decimal? StalledBelow { get; init; }

    /// <summary>How many dead letters a minute are not yet too many.</summary>
    public int? DeadLettersPerMinute { get; init; }
}

/// <summary>Which alerts share a mail, and when it goes.</summary>
/// <param name="GroupBy">What alerts have in common that share a mail.</param>
/// <param name="GroupWait">How long a group's mail waits for more, from its first alert on.</param>
/// <param name="RepeatInterval">The shortest time between two mails of a group.</param>
/// <param name="MailsPerHour">How many mails go out in an hour, digests not counted; <see langword="null"/>: as many as there are.</param>
/// <param name="DigestInterval">How long a digest collects what is too much for the hour.</param>
/// <param name="Quiet">When nobody is mailed; <see langword="null"/>: never.</param>
public sealed record DispatchSettings(
    GroupBy GroupBy, TimeSpan GroupWait, TimeSpan RepeatInterval, int? MailsPerHour, TimeSpan DigestInterval, QuietHours? Quiet);

/// <summary>What alerts have in common that share a mail.</summary>
public enum GroupBy
{
    /// <summary>The bid: the alerts of each have a mail of their own.</summary>
    Bid,

    /// <summary>The auction; where a bid names none, the item.</summary>
    Auction,

    /// <summary>The item.</summary>
    Item,
}
