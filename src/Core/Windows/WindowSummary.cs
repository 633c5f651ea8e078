namespace AuctionTracker.Core.Windows;

/// <summary>The figures of a window that is not empty, at one moment.</summary>
/// <param name="Count">How many entries it holds.</param>
/// <param name="Latest">The value of the newest.</param>
/// <param name="High">The highest value.</param>
/// <param name="Low">The lowest value.</param>
/// <param name="Sum">The sum; exact for amounts in cents.</param>
/// <param name="Mean">The sum divided by the count.</param>
public readonly record struct WindowSummary(int Count, decimal Latest, decimal High, decimal Low, decimal Sum, decimal Mean);
