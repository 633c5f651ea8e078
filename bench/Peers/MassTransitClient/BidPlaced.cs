namespace AuctionTracker.Bench.Peers.MassTransitClient;

/// <summary>A bid as MassTransit's users would define it: a typed message, which the library writes as JSON in its envelope.</summary>
public sealed record BidPlaced(int BidderId, decimal BidAmount, DateTimeOffset Timestamp, string Item, string BidderName, string BidderEmail);
