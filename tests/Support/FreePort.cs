using AuctionTracker.LocalBroker.Discovery;

namespace AuctionTracker.Support;

/// <summary>Finds TCP ports that no program listens on, a different one each time.</summary>
public static class FreePort
{
    public static int Take() => Ports.Free(1)[0];
}
