using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.Core.Messaging;

/// <summary>Tells what the client library's exceptions mean: final or worth another try, and in which words.</summary>
internal static class BrokerErrors
{
    /// <summary>Whether the exception means that the connection, or a channel on it, is gone.</summary>
    public static bool IsLoss(Exception e) =>
        e is RabbitMQClientException or IOException or SocketException or TimeoutException or OperationCanceledException
            or ObjectDisposedException;

    /// <summary>What to tell the person where no further try would help; <see langword="null"/> where one may.</summary>
    public static string? Final(Exception e, Uri uri) => Innermost(e) switch
    {
        AuthenticationFailureException or PossibleAuthenticationFailureException =>
            $"{At(uri)} refuses the login of user '{User(uri)}'. Check user and password in --broker.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 530 } reason } when reason.ReplyText.Contains("vhost", StringComparison.Ordinal) =>
            $"{At(uri)} has no virtual host {VirtualHost(uri)}, or it is down. Check the path in --broker, or add the host on the admin site.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 403 or 530 } reason } =>
            $"{At(uri)} refuses it: {reason.ReplyText}. Give user '{User(uri)}' the permission on the admin site.",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 406 } reason } when reason.ReplyText.Contains("inequivalent", StringComparison.Ordinal) =>
            $"{At(uri)} refuses it: {reason.ReplyText}. It was declared otherwise before: delete it on the admin site, or set [broker] queue_type as it was.",
        _ => null,
    };

    /// <summary>Why the broker could not be reached, as a half-sentence.</summary>
    public static string Unreachable(Exception e, Uri uri) => Innermost(e) switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            $"the name {uri.Host} is not known here",
        SocketException => $"nothing answers at {At(uri)}",
        TimeoutException or OperationCanceledException => $"{At(uri)} does not answer in time",
        AuthenticationException tls => $"{At(uri)} is not trusted over TLS ({tls.Message})",
        IOException or RabbitMQClientException => $"what answers at {At(uri)} is no RabbitMQ, or hung up",
        var other => $"{At(uri)}: {other.Message}",
    };

    /// <summary>Host and port, as in <c>localhost:5672</c>: a broker's address without its secrets.</summary>
    public static string At(Uri uri) => $"{uri.Host}:{(uri.Port > 0 ? uri.Port : uri.Scheme == "amqps" ? 5671 : 5672)}";

    /// <summary>Why the connection was lost, in few words.</summary>
    public static string Reason(Exception e) => e switch
    {
        OperationInterruptedException { ShutdownReason: { } reason } => reason.ReplyText,
        OperationCanceledException => "the connection went away",
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

    private static string VirtualHost(Uri uri) => uri.AbsolutePath.Length > 1 ? $"'{Uri.UnescapeDataString(uri.AbsolutePath[1..])}'" : "'/'";
}
