namespace AuctionTracker.Core.Windows;

/// <summary>Statistics of the entries in a window.</summary>
/// <param name="Count">The number of entries; at least 1.</param>
/// <param name="Latest">The value of the newest entry.</param>
/// <param name="High">The highest value.</param>
/// <param name="Low">The lowest value.</param>
/// <param name="Sum">The sum of the values; exact for amounts in cents.</param>
/// <param name="Mean">The arithmetic mean: the sum divided by the count.</param>
public readonly record struct WindowSummary(int Count, decimal Latest, decimal High, decimal Low, decimal Sum, decimal Mean);
