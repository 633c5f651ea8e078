using System.Net.Sockets;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.LocalBroker;

/// <summary>How a broker took our hello: the cluster's name, or why it did not answer as one.</summary>
internal sealed record HandshakeProbe(string? Cluster, string? Refusal, bool NobodyThere)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Logs in over AMQP and hangs up.</summary>
    public static async Task<HandshakeProbe> ToAsync(Uri broker, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = broker,
            ClientProvidedName = "auction-tracker broker check",
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = Patience,
            HandshakeContinuationTimeout = Patience,
            SocketReadTimeout = Patience,
        };
        // The client's own time-outs add up: 40 s where a web server is in the broker's place.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await using var connection = await factory.CreateConnectionAsync(patience.Token);
            // A virtual host that does not exist shows only here: the client does not wait for the answer to connection.open.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: patience.Token);
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
