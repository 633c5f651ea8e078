namespace AuctionTracker.LocalBroker;

/// <summary>What to run for a broker of our own.</summary>
internal sealed record BrokerPlan
{
    /// <summary>For people: "RabbitMQ 3.10.8".</summary>
    public required string Name { get; init; }

    /// <summary>For people: "a RabbitMQ 3.10.8 node of our own".</summary>
    public required string Origin { get; init; }

    /// <summary>For people who wait: "about 10 s".</summary>
    public required string Takes { get; init; }

    /// <summary>One node, or those of a cluster.</summary>
    public required IReadOnlyList<NodePlan> Nodes { get; init; }

    /// <summary>For people: "port 5672".</summary>
    public string Places => $"port{(Nodes.Count == 1 ? "" : "s")} {string.Join(", ", Nodes.Select(node => node.Port))}";

    /// <summary>Where the nodes' own epmd has to listen; null where they need none.</summary>
    public int? EpmdPort { get; init; }

    /// <summary>A folder that goes when the broker goes, so its data need not be saved either.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>Its nodes may be killed: that is what it was asked for, and their data outlive it.</summary>
    public bool IsKillable { get; init; }
}
