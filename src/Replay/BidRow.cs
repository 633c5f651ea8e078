using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>A row of a file: a bid, or the reason why it is refused.</summary>
/// <param name="Line">The line where it starts, from 1.</param>
/// <param name="Bid">The bid, or <see langword="null"/>.</param>
/// <param name="Refusal">The reason, or <see langword="null"/>.</param>
/// <param name="MessageId">The message id that the bid keeps, or <see langword="null"/> for a new one.</param>
internal readonly record struct BidRow(long Line, Bid? Bid, string? Refusal, string? MessageId = null);

/// <summary>A bid that is sent.</summary>
/// <param name="Bid">The bid.</param>
/// <param name="MessageId">The message id that it keeps, or <see langword="null"/> for a new one.</param>
internal readonly record struct ReplayBid(Bid Bid, string? MessageId);
