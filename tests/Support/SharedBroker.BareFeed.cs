using AuctionTracker.LocalBroker;

namespace AuctionTracker.Support;

/// <summary>The broker that the tests of a run share: the first that LocalBroker can find or start.</summary>
internal static class SharedBroker
{
    /// <summary>Finds or starts it, and says which.</summary>
    public static Task<RunningBroker> StartAsync(Action<string> say) =>
        RunningBroker.StartAsync(new BrokerRequest { NeedsAdminSite = true }, say, TimeProvider.System, CancellationToken.None);
}
