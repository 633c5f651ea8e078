using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.Core.Messaging;

/// <summary>Classifies the client library's exceptions as permanent or worth a retry, and describes them for a person.</summary>
internal static class ConnectionErrors
{
    /// <summary>Whether the exception means that the connection, or a channel on it, is closed or of no more use.</summary>
    public static bool IsConnectionLost(Exception e) =>
        e is RabbitMQClientException or IOException or SocketException or TimeoutException or OperationCanceledException
            or ObjectDisposedException;

    /// <summary>Describes an error that no retry fixes, and its remedy; <see langword="null"/> for any other error.</summary>
    public static string? PermanentError(Exception e, Uri uri) => Innermost(e) switch
    {
        AuthenticationFailureException or PossibleAuthenticationFailureException =>
            $"{Address(uri)} refuses the login of user '{User(uri)}'. Check user and password in --broker.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 530 } reason }
            when reason.ReplyText.Contains("vhost", StringComparison.Ordinal) =>
            $"{Address(uri)} has no virtual host {VirtualHost(uri)}, or it is down. " +
            "Check the path in --broker, or add the host on the admin site.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 403 or 530 } reason } =>
            $"{Address(uri)} denies access: {reason.ReplyText}. Give user '{User(uri)}' the permission on the admin site.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 406 } reason }
            when reason.ReplyText.Contains("inequivalent", StringComparison.Ordinal) =>
            $"{Address(uri)} refuses the declaration: {reason.ReplyText}. " +
            "It exists with other arguments: take out what you need, delete it on the admin site, or set [broker] queue_type to match.",
        _ => null,
    };

    /// <summary>Why a connection attempt failed, as a clause for the middle of a sentence.</summary>
    public static string ConnectFailure(Exception e, Uri uri) => Innermost(e) switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            $"the host name {uri.Host} is unknown",
        SocketException => $"nothing answers at {Address(uri)}",
        TimeoutException or OperationCanceledException => $"{Address(uri)} does not answer in time",
        AuthenticationException tls => $"{Address(uri)} is not trusted over TLS ({tls.Message})",
        IOException or RabbitMQClientException => $"the server at {Address(uri)} is not RabbitMQ, or closed the connection",
        var other => $"{Address(uri)}: {other.Message}",
    };

    /// <summary>Host and port, as in <c>localhost:5672</c>: the broker's address without user and password.</summary>
    public static string Address(Uri uri) => $"{uri.Host}:{(uri.Port > 0 ? uri.Port : uri.Scheme == "amqps" ? 5671 : 5672)}";

    /// <summary>Why an open connection was lost, in few words.</summary>
    public static string LossReason(Exception e) => e switch
    {
        OperationInterruptedException { ShutdownReason: { } reason } => reason.ReplyText,
        OperationCanceledException => "the connection was closed",
        _ => e.Message,
    };

    private static Exception Innermost(Exception e) => e switch
    {
        BrokerUnreachableException { InnerException: { } inner } => Innermost(inner),
        ConnectFailureException { InnerException: { } inner } => Innermost(inner),
        AggregateException { InnerExceptions: [.., var last] } => Innermost(last),
        IOException { InnerException: SocketException inner } => inner,
        _ => e,
    };

    private static string User(Uri uri) => Uri.UnescapeDataString(uri.UserInfo.Split(':')[0]) is { Length: > 0 } user ? user : "guest";

    private static string VirtualHost(Uri uri) =>
        uri.AbsolutePath.Length > 1 ? $"'{Uri.UnescapeDataString(uri.AbsolutePath[1..])}'" : "'/'";
}
