using System.Collections.Concurrent;
using AuctionTracker.Bench.Peers.BareClient;
using AuctionTracker.Bench.Peers.MassTransitClient;
using AuctionTracker.Core.Settings;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Peers;

/// <summary>
/// A producer and a consumer of bids. Each publishes persistent messages with confirms, and reads three queues with acks by hand. Ends
/// by itself after a number of bids.
/// </summary>
/// <param name="Name">The name in the table, and of the folder of a peer that is not .NET.</param>
/// <param name="Does">What the pair does with a bid.</param>
/// <param name="Producer">Its command line, for a broker and a number of bids.</param>
/// <param name="Consumer">Its command line, for a broker and a number of bids.</param>
internal sealed record Peer(string Name, string Does, Func<Uri, string, string[]> Producer, Func<Uri, string, string[]> Consumer)
{
    /// <summary>The suite first, then its peers.</summary>
    public static readonly IReadOnlyList<Peer> All =
    [
        Suite("suite-v3", "generates, validates, rolling window", "Consumer.V3"),
        Suite("suite-v4", "the same, and alerts for 1 % of the bids", "Consumer.V4", "--threshold", "990.1"),
        DotNet("RabbitMQ.Client", "bytes out, bytes in", BareProducer.Name, BareConsumer.Name),
        DotNet("MassTransit", "typed messages in its envelope", MassTransitProducer.Name, MassTransitConsumer.Name),
        Other("amqplib", "JSON out, JSON in (Node)", "node", "{0}.js"),
        Other("rabbitmq-c", "bytes out, bytes in (C)", "{0}"),
        Other("pika", "the reference's client: one confirm at a time (Python)", "/usr/bin/python3", "{0}.py") with { MaxBids = 5_000 },
    ];

    /// <summary>At most so many bids: a peer that awaits each confirm would take a quarter of an hour.</summary>
    public int MaxBids { get; private init; } = int.MaxValue;

    private bool IsDotNet { get; init; } = true;

    private static string Folder => AppContext.BaseDirectory;

    /// <summary>Installs what the peer needs, as its <c>install.sh</c> says.</summary>
    /// <returns>Why it can't run here; <see langword="null"/> if it can.</returns>
    public async Task<string?> InstallAsync(CancellationToken stop)
    {
        if (IsDotNet)
        {
            return null;
        }

        var lines = new ConcurrentQueue<string>();
        await using var install = OwnedProcess.Start(
            "sh", ["-e", "install.sh"], workingFolder: Path.Combine(Folder, Name), onOutput: lines.Enqueue, onError: lines.Enqueue);
        return await install.Exited.WaitAsync(stop) == 0 ? null : lines.LastOrDefault() ?? "install.sh failed.";
    }

    private static Peer Suite(string name, string does, string consumer, params string[] more)
    {
        return new(
            name, does,
            (broker, bids) => Program("Producer.V3", broker, bids, AllSettings.Interval.Flag!, "0", AllSettings.Monitor.Flag!, "n"),
            (broker, bids) => Program(consumer, broker, bids, more));

        static string[] Program(string name, Uri broker, string bids, params string[] more) =>
        [
            "dotnet", Path.Combine(Folder, $"AuctionTracker.{name}.dll"), AllSettings.BrokerUris.Flag!, broker.ToString(),
            AllSettings.Count.Flag!, bids, AllSettings.Quiet.Flag!, .. more,
        ];
    }

    private static Peer DotNet(string name, string does, string producer, string consumer)
    {
        return new(name, does, (broker, bids) => Program(producer, broker, bids), (broker, bids) => Program(consumer, broker, bids));

        static string[] Program(string client, Uri broker, string bids) =>
            ["dotnet", typeof(Peer).Assembly.Location, client, broker.ToString(), bids];
    }

    private static Peer Other(string name, string does, params string[] command)
    {
        return new(name, does, (broker, bids) => Program("producer", broker, bids), (broker, bids) => Program("consumer", broker, bids)) { IsDotNet = false };

        string[] Program(string script, Uri broker, string bids) =>
        [
            .. command.SkipLast(1), Path.Combine(Folder, name, string.Format(System.Globalization.CultureInfo.InvariantCulture, command[^1], script)),
            broker.ToString(), bids,
        ];
    }
}
