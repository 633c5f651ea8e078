namespace AuctionTracker.LocalBroker;

internal static class InstallHints
{
    /// <summary>What a person can do where no broker can be reached or started.</summary>
    public const string Text = "There are three ways to get a broker: with Docker, docker compose up -d; "
        + "on Debian or Ubuntu, sudo apt-get install rabbitmq-server; "
        + "with a broker elsewhere, set AUCTION_BROKER=amqp://user:password@host:5672/.";

    /// <summary>What a person can do where Docker won't do and RabbitMQ is not installed.</summary>
    public const string ToCluster = "There are two ways on: on Debian or Ubuntu, sudo apt-get install rabbitmq-server; "
        + "for a cluster with Docker, docker compose -f docker-compose.cluster.yml up -d.";
}
