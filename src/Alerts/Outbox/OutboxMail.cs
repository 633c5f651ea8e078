
namespace AuctionTracker.Alerts.Outbox;

/// <summary>A mail that waits in the outbox.</summary>
/// <param name="Id">Its number there.</param>
/// <param name="Made">When it was composed.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Count">How many alerts it is about.</param>
/// <param name="Alerts">Those it names: all, or of very many those with the highest bids. At least one, unless there is damage.</param>
/// <param name="Damage">Why some of them can't be read, or <see langword="null"/>.</param>
internal sealed record OutboxMail(long Id, DateTimeOffset Made, int Attempts, int Count, IReadOnlyList<Alert> Alerts, string? Damage);

/// <summary>What is known of a mail.</summary>
/// <param name="Made">When it was made.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Next">When it is tried next, or was due.</param>
/// <param name="Sent">When it was sent, or <see langword="null"/>.</param>
/// <param name="Error">Why it was not sent at the last try, or <see langword="null"/>.</param>
/// <param name="IsRefused">Whether the server will never take it.</param>
/// <param name="Count">How many alerts it is about.</param>
/// <param name="Alerts">Those it names, as far as they can be read.</param>
internal sealed record MailRecord(
    DateTimeOffset Made, int Attempts, DateTimeOffset Next, DateTimeOffset? Sent, string? Error, bool IsRefused, int Count, IReadOnlyList<Alert> Alerts);
