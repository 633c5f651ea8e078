using AuctionTracker.Core.Hosting;

namespace AuctionTracker.LocalBroker;

/// <summary>No broker could be reached or started. The message tells the person what to do.</summary>
public sealed class BrokerUnavailableException(string message, Exception? inner = null) : ProgramException(message, inner)
{
    /// <summary>What to do where no broker can be reached or started.</summary>
    internal const string InstallHint = "There are four ways to get a broker: with Docker, docker compose up -d; "
        + "on Debian or Ubuntu, sudo apt-get install rabbitmq-server; on Windows, the installer from rabbitmq.com; "
        + "with a broker elsewhere, set AUCTION_BROKER to amqp://user:password@host:5672/.";

    /// <summary>What to do where only an installed RabbitMQ will do.</summary>
    internal const string ClusterHint = "On Debian or Ubuntu, run sudo apt-get install rabbitmq-server; on Windows, run the installer from rabbitmq.com; "
        + "for a cluster with Docker, run docker compose -f docker-compose.cluster.yml up -d.";
}
