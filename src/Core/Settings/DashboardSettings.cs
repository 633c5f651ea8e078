namespace AuctionTracker.Core.Settings;

/// <summary>The settings of the dashboard.</summary>
/// <param name="Port">Its port; 0: a free one.</param>
/// <param name="Listen">The IP address it listens on.</param>
/// <param name="Password">Its password, or <see langword="null"/> for none.</param>
/// <param name="Window">The time that the live charts show, from 10 s to 4 days.</param>
/// <param name="StalledAfter">The time without a bid after which an item is stalled, from 1 s to a day.</param>
/// <param name="Open">Whether to open the page in a browser; <see langword="null"/>: ask at a terminal.</param>
public sealed record DashboardSettings(int Port, string Listen, string? Password, TimeSpan Window, TimeSpan StalledAfter, bool? Open)
{
    /// <summary>The settings without the password.</summary>
    public override string ToString() => $"{Listen}:{Port}";
}
