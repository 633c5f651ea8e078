using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Alerts;

/// <summary>A high bid that a person shall learn of, once. Immutable.</summary>
/// <param name="MessageId">What identifies the bid's message, and so the alert: a bid that is delivered twice is one alert.</param>
/// <param name="Bid">The bid.</param>
public sealed record Alert(string MessageId, Bid Bid);
