namespace AuctionTracker.DeadLetters.Queue;

/// <summary>Which dead letters a command is for. What is <see langword="null"/> or empty matches all.</summary>
/// <param name="Ids">Prefixes of ids.</param>
/// <param name="Queue">The queue they were in before.</param>
/// <param name="Reason">A part of their reason; case does not matter.</param>
/// <param name="OlderThan">Dead-lettered longer ago than this.</param>
/// <param name="NewerThan">Dead-lettered within this time.</param>
/// <param name="Limit">How many, at most.</param>
/// <param name="Now">The end of the two time spans.</param>
internal sealed record DeadLetterFilter(
    IReadOnlyList<string> Ids, string? Queue, string? Reason, TimeSpan? OlderThan, TimeSpan? NewerThan, int Limit, DateTimeOffset Now)
{
    public bool Matches(DeadLetter letter) =>
        (Ids.Count == 0 || Ids.Any(id => letter.Key.Id.StartsWith(id, StringComparison.Ordinal))) &&
        (Queue is null || letter.Queue == Queue) &&
        (Reason is null || letter.Reason?.Contains(Reason, StringComparison.OrdinalIgnoreCase) == true) &&
        (OlderThan is null || Now - letter.Time > OlderThan) &&
        (NewerThan is null || Now - letter.Time < NewerThan);
}
