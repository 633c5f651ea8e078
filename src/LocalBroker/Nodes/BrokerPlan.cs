namespace AuctionTracker.LocalBroker.Nodes;

/// <summary>How to start a broker.</summary>
internal sealed record BrokerPlan
{
    /// <summary>In messages: "RabbitMQ 3.10.8".</summary>
    public required string Name { get; init; }

    /// <summary>In messages: "a RabbitMQ 3.10.8 node of our own".</summary>
    public required string Origin { get; init; }

    /// <summary>In messages, how long the start takes: "about 10 s".</summary>
    public required string Takes { get; init; }

    /// <summary>One node, or the nodes of a cluster.</summary>
    public required IReadOnlyList<NodePlan> Nodes { get; init; }

    /// <summary>In messages: "port 5672".</summary>
    public string Ports => $"port{(Nodes.Count == 1 ? "" : "s")} {string.Join(", ", Nodes.Select(node => node.Port))}";

    /// <summary>The port of an epmd to start for the nodes; null where they start it themselves or need none.</summary>
    public int? EpmdPort { get; init; }

    /// <summary>A folder to delete when the broker ends, so the nodes need not save their data either.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>Whether its nodes can be killed: their data outlive that.</summary>
    public bool IsKillable { get; init; }
}

/// <summary>How to start a node, and where it will answer.</summary>
internal sealed record NodePlan
{
    /// <summary>In messages: "RabbitMQ 3.10.8".</summary>
    public required string Name { get; init; }

    public required int Port { get; init; }

    public required int AdminPort { get; init; }

    /// <summary>The program that becomes the node, or runs it until it is asked to stop.</summary>
    public required string Program { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    /// <summary>The <c>rabbitmqctl</c> that controls the node; null in a container.</summary>
    public string? Control { get; init; }

    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    public string? Folder { get; init; }

    /// <summary>How long the node may take until it answers.</summary>
    public required TimeSpan Patience { get; init; }
}
