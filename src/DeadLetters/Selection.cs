namespace AuctionTracker.Letters;

/// <summary>Which letters a command is about. What is <see langword="null"/> or empty leaves none out.</summary>
/// <param name="Ids">Beginnings of their ids.</param>
/// <param name="Queue">The queue they came from.</param>
/// <param name="Reason">What their reason contains, in capitals or not.</param>
/// <param name="OlderThan">They are longer here than this.</param>
/// <param name="NewerThan">They are here for less than this.</param>
/// <param name="Limit">How many, at the most.</param>
/// <param name="Now">When they were asked for.</param>
internal sealed record Selection(
    IReadOnlyList<string> Ids, string? Queue, string? Reason, TimeSpan? OlderThan, TimeSpan? NewerThan, int Limit, DateTimeOffset Now)
{
    public bool Includes(Letter letter) =>
        (Ids.Count == 0 || Ids.Any(id => letter.Key.Id.StartsWith(id, StringComparison.Ordinal))) &&
        (Queue is null || letter.Queue == Queue) &&
        (Reason is null || letter.Reason?.Contains(Reason, StringComparison.OrdinalIgnoreCase) == true) &&
        (OlderThan is null || Now - letter.Time > OlderThan) &&
        (NewerThan is null || Now - letter.Time < NewerThan);
}
