namespace AuctionTracker.LocalBroker;

/// <summary>What kind of broker is wanted; by default, any that answers.</summary>
public sealed record BrokerRequest
{
    /// <summary>The AMQP port. Null: 5672 for a broker that already runs, any free port for one of our own.</summary>
    public int? Port { get; init; }

    /// <summary>The admin site's port. Null: the AMQP port + 10,000 for a broker that already runs, else any free port.</summary>
    public int? AdminPort { get; init; }

    /// <summary>Where a broker of our own keeps its data between runs. Null: a temporary folder, deleted at the end.</summary>
    public string? Folder { get; init; }

    /// <summary>Always start one: look neither at AUCTION_BROKER nor for a broker that already runs.</summary>
    public bool OwnOnly { get; init; }

    /// <summary>A broker that already runs counts only if its management API answers too.</summary>
    public bool NeedsAdminSite { get; init; }
}
