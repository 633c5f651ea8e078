using AuctionTracker.Bench.Peers.BareClient;
using AuctionTracker.Bench.Peers.MassTransitClient;

namespace AuctionTracker.Bench.Peers;

/// <summary>The peers that are part of this program, which starts itself as one of them.</summary>
internal static class PeerProgram
{
    /// <summary>Unconfirmed publishes at most; the suite's and the other peers' window.</summary>
    public const int Window = 1_000;

    /// <summary>Unacked deliveries of a queue at most; the suite's default.</summary>
    public const ushort Prefetch = 200;

    /// <summary>The items in turn; a bid on one of them goes to its queue.</summary>
    public static readonly IReadOnlyList<string> Items = ["electronics", "furniture", "art"];

    /// <summary>A peer's entry point by its name on the command line; <see langword="null"/> if there is none.</summary>
    public static Func<Uri, int, Task>? Find(string name) => name switch
    {
        BareProducer.Name => BareProducer.RunAsync,
        BareConsumer.Name => BareConsumer.RunAsync,
        MassTransitProducer.Name => MassTransitProducer.RunAsync,
        MassTransitConsumer.Name => MassTransitConsumer.RunAsync,
        _ => null,
    };
}
