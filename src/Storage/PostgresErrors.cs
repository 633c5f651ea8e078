using System.Net.Sockets;
using Npgsql;

namespace AuctionTracker.Storage;

/// <summary>Describes the errors of PostgreSQL and its driver in a sentence that says what to do.</summary>
public static class PostgresErrors
{
    /// <summary>Describes an error.</summary>
    /// <param name="e">An exception of the driver.</param>
    /// <returns>A sentence in lower case, with its full stop. It holds no password.</returns>
    public static string Describe(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "it refuses the login. Check the user in the address, and the password in PGPASSWORD.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "it has no such database. Create it with createdb.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege, MessageText: var text } => $"{text}. Give the user the right with GRANT.",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "its disk is full.",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } =>
            "it is starting up or shutting down.",
        PostgresException { MessageText: var text } => $"{text}.",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } =>
            "the host name is unknown.",
        { InnerException: SocketException or IOException } => "nothing answers there, or the connection was lost.",
        { InnerException: TimeoutException } or TimeoutException => "it does not answer in time.",
        _ when e.Message.Contains("No password", StringComparison.OrdinalIgnoreCase) => "it asks for a password. Set PGPASSWORD.",
        _ => $"{e.Message.TrimEnd('.')}.",
    };
}
