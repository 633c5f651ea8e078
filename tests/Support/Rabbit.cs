using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using AuctionTracker.LocalBroker;
using DotNet.Testcontainers.Builders;
using RabbitMQ.Client;
using Testcontainers.RabbitMq;

namespace AuctionTracker.Support;

/// <summary>
/// The broker that all tests of a run share; each test gets a virtual host of its own. It is the broker that AUCTION_BROKER names,
/// else a container if a container engine answers, else the first that LocalBroker finds or starts.
/// </summary>
public static class Rabbit
{
    /// <summary>Names the image of the container, as in <c>rabbitmq:3-management</c>; then nothing but a container will do.</summary>
    private const string ImageVariable = "AUCTION_TEST_IMAGE";

    private const string DefaultImage = "rabbitmq:4-management";
    private const ushort AdminPort = 15672;

    /// <summary>For a pull of the image and the start of the container.</summary>
    private static readonly TimeSpan ContainerPatience = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task<RunningBroker>> Shared = new(StartAsync);

    private static string? _image;

    /// <summary>The run's broker; it ends with the test process.</summary>
    public static Task<RunningBroker> BrokerAsync() => Shared.Value;

    /// <summary>Creates a virtual host.</summary>
    public static async Task<VirtualHost> HostAsync() => await VirtualHost.CreateAsync(await Shared.Value, CancellationToken.None);

    /// <summary>Connects as any client does.</summary>
    public static Task<IConnection> ConnectAsync(Uri uri) => new ConnectionFactory { Uri = uri }.CreateConnectionAsync();

    /// <summary>The version that the broker of a connection reports.</summary>
    public static Version VersionOf(IConnection connection) =>
        Version.Parse(Encoding.UTF8.GetString((byte[])connection.ServerProperties!["version"]!).Split('-', '+')[0]);

    /// <summary>Removes the variable: the programs under test inherit the environment, and refuse what is not a setting.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Runs before the first test starts a program.")]
    internal static void TakeImageVariable()
    {
        _image = Environment.GetEnvironmentVariable(ImageVariable);
        Environment.SetEnvironmentVariable(ImageVariable, null);
    }

    private static async Task<RunningBroker> StartAsync()
    {
        var request = new BrokerRequest { NeedsAdminSite = true };
        var isNamed = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("AUCTION_BROKER"));
        var container = isNamed ? null : await StartContainerAsync();
        if (container is not null)
        {
            request = request with
            {
                Port = container.GetMappedPublicPort(RabbitMqBuilder.RabbitMqPort),
                AdminPort = container.GetMappedPublicPort(AdminPort),
            };
        }

        var broker = await RunningBroker.StartAsync(request, Console.WriteLine, TimeProvider.System, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => broker.DisposeAsync().AsTask().Wait();
        await using var connection = await ConnectAsync(broker.Uri);
        var origin = container is null ? broker.Origin : $"a container of {container.Image.FullName}";
        Console.WriteLine($"The tests run on RabbitMQ {VersionOf(connection)}: {origin}.");
        return broker;
    }

    /// <returns><see langword="null"/> if there is no container engine, or it cannot start the default image.</returns>
    private static async Task<RabbitMqContainer?> StartContainerAsync()
    {
        RabbitMqContainer? container = null;
        using var patience = new CancellationTokenSource(ContainerPatience);
        try
        {
            container = new RabbitMqBuilder(_image ?? DefaultImage)
                .WithUsername("guest").WithPassword("guest").WithPortBinding(AdminPort, assignRandomHostPort: true).Build();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => container.DisposeAsync().AsTask().Wait();
            await container.StartAsync(patience.Token);
            return container;
        }
        catch (Exception e) when (_image is null)
        {
            // Whatever is wrong with the engine or its image, LocalBroker may have a broker without it.
            var reason = e is DockerUnavailableException ? "No container engine answers." : $"No container of {DefaultImage}: {e.Message}";
            Console.WriteLine(reason);
            if (container is not null)
            {
                await container.DisposeAsync();
            }

            return null;
        }
    }
}
