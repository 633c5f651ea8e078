using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Messaging;

/// <summary>A published message that the broker has not confirmed yet.</summary>
internal sealed class PendingPublish(string exchange, string routingKey, BidMessage message)
{
    public string Exchange => exchange;

    public string RoutingKey => routingKey;

    public BidMessage Message => message;

    /// <summary>Whether the broker returned it as unroutable; its confirm follows.</summary>
    public bool IsReturned { get; set; }
}
