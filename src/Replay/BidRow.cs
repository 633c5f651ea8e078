using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>A row of a file: a bid, or the reason why it is refused.</summary>
/// <param name="Line">The line where it starts, from 1.</param>
/// <param name="Bid">The bid, or <see langword="null"/>.</param>
/// <param name="Refusal">The reason, or <see langword="null"/>.</param>
internal readonly record struct BidRow(long Line, Bid? Bid, string? Refusal);
