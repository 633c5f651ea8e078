using System.Net.Sockets;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.LocalBroker.Discovery;

/// <summary>The outcome of an AMQP handshake: the cluster's name, or why there was none.</summary>
internal sealed record HandshakeProbe(string? Cluster, string? Refusal, bool NobodyThere)
{
    // Windows tries a port that refuses for two seconds, and localhost is two addresses.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(OperatingSystem.IsWindows() ? 8 : 3);

    /// <summary>Logs in over AMQP and disconnects.</summary>
    public static async Task<HandshakeProbe> ToAsync(Uri broker, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = broker,
            ClientProvidedName = "auction-tracker broker check",
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Timeout,
            HandshakeContinuationTimeout = Timeout,
            SocketReadTimeout = Timeout,
        };
        // The client's own time-outs add up: 40 s where a web server answers instead of a broker.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(Timeout);
        try
        {
            await using var connection = await factory.CreateConnectionAsync(timeout.Token);
            // A virtual host that does not exist shows only here: the client does not wait for the answer to connection.open.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: timeout.Token);
            object? name = null;
            connection.ServerProperties?.TryGetValue("cluster_name", out name);
            return new(Encoding.UTF8.GetString(name as byte[] ?? []), null, false);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e
            is BrokerUnreachableException or OperationInterruptedException or OperationCanceledException)
        {
            return e.GetBaseException() switch
            {
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } => new(null, "nothing listens there", true),
                SocketException cause => new(null, cause.Message, false),
                AuthenticationFailureException => new(null, "it refuses the user name or the password", false),
                OperationInterruptedException cause => new(null, cause.ShutdownReason?.ReplyText ?? cause.Message, false),
                _ => new(null, "it does not answer in AMQP", false),
            };
        }
    }
}
