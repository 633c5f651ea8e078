namespace AuctionTracker.LocalBroker;

/// <summary>What kind of broker is wanted; by default, any that answers.</summary>
public sealed record BrokerRequest
{
    /// <summary>How many nodes; 1 by default. Several are always a cluster that we start from an installed RabbitMQ.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>
    /// The AMQP port; a cluster's further nodes get the ports after it. Null: 5672 for a broker that already runs, any free
    /// port for one that we start.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>
    /// The admin site's port; a cluster's further nodes get the ports after it. Null: the AMQP port + 10,000 for a broker that
    /// already runs, else any free port.
    /// </summary>
    public int? AdminPort { get; init; }

    /// <summary>
    /// Where a broker that we start keeps its data between runs; each node of a cluster has a folder in it. Null: a temporary
    /// folder, deleted at the end.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Always start one: look neither at AUCTION_BROKER nor for a broker that already runs.</summary>
    public bool OwnOnly { get; init; }

    /// <summary>
    /// A broker that <see cref="RunningBroker.KillAsync"/> can kill: always an installed RabbitMQ that we start. Every cluster is
    /// one, too.
    /// </summary>
    public bool Killable { get; init; }

    /// <summary>A broker that already runs counts only if its management API answers too.</summary>
    public bool NeedsAdminSite { get; init; }

    /// <summary>Docker will not do.</summary>
    internal bool AsProcesses => Killable || Nodes > 1;
}
