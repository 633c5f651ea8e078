using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Messaging;

/// <summary>A message under way: published, and not answered for.</summary>
internal sealed class PendingPublish(string exchange, string routingKey, BidMessage message)
{
    public string Exchange => exchange;

    public string RoutingKey => routingKey;

    public BidMessage Message => message;

    public bool Returned { get; set; }
}
