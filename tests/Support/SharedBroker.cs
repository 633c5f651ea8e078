using AuctionTracker.LocalBroker;
using DotNet.Testcontainers.Builders;
using Testcontainers.RabbitMq;

namespace AuctionTracker.Support;

/// <summary>
/// The broker that the tests of a run share: the one AUCTION_BROKER names, else a container where a Docker engine answers, else
/// the first that LocalBroker can find or start.
/// </summary>
internal static class SharedBroker
{
    private const string Image = "rabbitmq:4-management";
    private const ushort AdminPort = 15672;

    /// <summary>Finds or starts it, and says which.</summary>
    public static async Task<RunningBroker> StartAsync(Action<string> say)
    {
        var request = new BrokerRequest { NeedsAdminSite = true };
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("AUCTION_BROKER")) && await ContainerAsync(say) is { } container)
        {
            // From here on it is a broker that already runs, on ports of its own.
            request = request with
            {
                Port = container.GetMappedPublicPort(RabbitMqBuilder.RabbitMqPort),
                AdminPort = container.GetMappedPublicPort(AdminPort),
            };
        }

        return await RunningBroker.StartAsync(request, say, TimeProvider.System, CancellationToken.None);
    }

    private static async Task<RabbitMqContainer?> ContainerAsync(Action<string> say)
    {
        try
        {
            var container = new RabbitMqBuilder(Image).WithUsername("guest").WithPassword("guest").WithPortBinding(AdminPort, assignRandomHostPort: true).Build();
            say($"Starting {Image} by way of Testcontainers.");
            await container.StartAsync();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => container.DisposeAsync().AsTask().Wait();
            return container;
        }
        catch (DockerUnavailableException)
        {
            say("No Docker engine answers: going on without Testcontainers.");
            return null;
        }
    }
}
