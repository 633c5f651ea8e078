using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

namespace AuctionTracker.Support;

/// <summary>A broker for a whole test run; each test gets a virtual host of its own.</summary>
public static class Rabbit
{
    private static readonly Lazy<Task<RunningBroker>> Shared = new(async () =>
    {
        var broker = await SharedBroker.StartAsync(Console.WriteLine);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => broker.DisposeAsync().AsTask().Wait();
        return broker;
    });

    /// <summary>The run's broker; it ends with the test process.</summary>
    public static Task<RunningBroker> BrokerAsync() => Shared.Value;

    /// <summary>Makes a virtual host.</summary>
    public static async Task<VirtualHost> HostAsync() => await VirtualHost.CreateAsync(await Shared.Value, CancellationToken.None);

    /// <summary>Connects as any client would.</summary>
    public static Task<IConnection> ConnectAsync(Uri uri) => new ConnectionFactory { Uri = uri }.CreateConnectionAsync();
}
