namespace AuctionTracker.Alerts.Outbox;

/// <summary>A mail in the outbox.</summary>
/// <param name="Id">The primary key.</param>
/// <param name="Created">The time of creation, which is also the mail's date.</param>
/// <param name="Attempts">The number of attempts to send it.</param>
/// <param name="NextAttempt">The earliest time of the next attempt.</param>
internal sealed record OutboxMail(long Id, DateTimeOffset Created, int Attempts, DateTimeOffset NextAttempt)
{
    public DateTimeOffset? Sent { get; init; }

    /// <summary>Whether the server refused it permanently.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Why the last attempt failed; <see langword="null"/> if none did.</summary>
    public string? LastError { get; init; }

    /// <summary>The number of its alerts, including those that are not in <see cref="Alerts"/>.</summary>
    public int AlertCount { get; init; }

    /// <summary>The alerts that the mail lists: all that can be read; of very many, those with the highest bids.</summary>
    public IReadOnlyList<Alert> Alerts { get; init; } = [];

    /// <summary>Why an alert can't be read; <see langword="null"/> if all can.</summary>
    public string? ReadError { get; init; }

    public int Unlisted => AlertCount - Alerts.Count;
}
