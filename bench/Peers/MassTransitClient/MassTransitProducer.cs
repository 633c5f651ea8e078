using AuctionTracker.Core.Messaging;
using MassTransit;

namespace AuctionTracker.Bench.Peers.MassTransitClient;

/// <summary>MassTransit with its confirms, and a window of sends that await their confirm.</summary>
internal static class MassTransitProducer
{
    public const string Name = "masstransit-producer";

    public static async Task RunAsync(Uri broker, int bids)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(configure => configure.Host(broker));
        await bus.StartAsync();
        List<ISendEndpoint> endpoints = [];
        foreach (var item in PeerProgram.Items)
        {
            endpoints.Add(await bus.GetSendEndpoint(new Uri($"queue:{AuctionTopology.QueueFor(item)}")));
        }

        using var window = new SemaphoreSlim(PeerProgram.Window);
        var confirmed = 0;
        for (var i = 0; i < bids; i++)
        {
            await window.WaitAsync();
            var item = i % PeerProgram.Items.Count;
            _ = SendAsync(endpoints[item], new BidPlaced(i, 512.34m, TimeProvider.System.GetUtcNow(), PeerProgram.Items[item], "Ann Example", "ann.example@example.com"));
        }

        for (var slot = 0; slot < PeerProgram.Window; slot++)
        {
            await window.WaitAsync();
        }

        await bus.StopAsync();
        Console.WriteLine($"Counts: confirmed {confirmed}");

        async Task SendAsync(ISendEndpoint endpoint, BidPlaced bid)
        {
            await endpoint.Send(bid);
            Interlocked.Increment(ref confirmed);
            window.Release();
        }
    }
}
