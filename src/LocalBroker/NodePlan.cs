namespace AuctionTracker.LocalBroker;

/// <summary>What to run for a node of our own, and where it will answer.</summary>
internal sealed record NodePlan
{
    /// <summary>For people: "RabbitMQ 3.10.8".</summary>
    public required string Name { get; init; }

    public required int Port { get; init; }

    public required int AdminPort { get; init; }

    /// <summary>A shell script that becomes the node, or runs it until SIGTERM.</summary>
    public required string Script { get; init; }

    /// <summary>The script's $0, $1 and so on.</summary>
    public required IReadOnlyList<string> Args { get; init; }

    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    public string? Folder { get; init; }

    /// <summary>How long the node may take until it answers.</summary>
    public required TimeSpan Patience { get; init; }
}
