using System.Globalization;
using System.Net.Sockets;
using AuctionTracker.Core.Settings;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace AuctionTracker.Alerts.Mail;

/// <summary>Translates the exceptions of an SMTP session to sentences that say what to do.</summary>
/// <param name="settings">The server, the sender and the receiver.</param>
/// <param name="timeout">The time-out of a mail.</param>
internal sealed class SmtpErrors(MailSettings settings, TimeSpan timeout)
{
    private const string CheckSender = "Check outgoing_email_address: it must be an address that the login may send from.";

    /// <summary>For example <c>smtp.gmail.com:587</c>.</summary>
    public string Server { get; } = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");

    /// <summary>Translates an exception of MailKit, of a socket, or of the time-out.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="isOpen">Whether the session was open, so that the error concerns a mail.</param>
    /// <param name="isSecure">Whether the connection was encrypted.</param>
    /// <param name="certificateErrors">Why the server's certificate is not trusted; <see langword="null"/> if it is.</param>
    public MailException Translate(Exception e, bool isOpen, bool isSecure, string? certificateErrors) => e switch
    {
        SmtpCommandException reply => Rejected(reply, isOpen),
        NotSupportedException when !isSecure && settings.Tls != MailTls.None => Misconfigured(
            "TLS", $"{Server} does not offer STARTTLS, and mail is not sent unencrypted. Check outgoing_email_port, or set [mail] tls = \"none\".", e),
        ServiceNotAuthenticatedException when !isSecure || settings.Password is null => Misconfigured(
            "login", $"{Server} requires TLS and a login. Set {(settings.Password is null ? "outgoing_email_password, and " : "")}[mail] tls = \"starttls\".", e),
        AuthenticationException or ServiceNotAuthenticatedException or NotSupportedException => Misconfigured(
            "login", $"{Server} refused the login of {settings.Address}. Check outgoing_email_password (Gmail wants an app password).", e),
        SslHandshakeException when certificateErrors is not null => Misconfigured(
            "TLS", $"The certificate of {Server} is not trusted: {certificateErrors}. Set the environment variable SSL_CERT_FILE to the certificate of its authority.", e),
        SslHandshakeException { InnerException: var cause } => Unreachable(
            $"The TLS handshake with {Server} failed: {(cause ?? e).Message.TrimEnd('.')}. Check outgoing_email_port and [mail] tls.", e, "TLS"),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => Unreachable(
            $"The mail server's name {settings.Host} is not known here. Check outgoing_email_host.", e),
        OperationCanceledException => Unreachable(
            string.Create(CultureInfo.InvariantCulture, $"{Server} did not accept the mail within {timeout.TotalSeconds:0.##} s."), e),
        // MailKit throws the same exception for a reply that is not SMTP and for a lost connection; only the text differs.
        SmtpProtocolException when !isOpen && !e.Message.Contains("disconnected", StringComparison.Ordinal) => Misconfigured(
            null, $"The server at {Server} does not speak SMTP. Check outgoing_email_host and outgoing_email_port.", e),
        SocketException => Unreachable($"No mail server answers at {Server} ({e.Message}).", e),
        _ => Unreachable($"The mail session with {Server} failed: {e.Message.TrimEnd('.')}.", e),
    };

    private MailException Rejected(SmtpCommandException e, bool isOpen)
    {
        var code = (int)e.StatusCode;
        var reply = string.Create(CultureInfo.InvariantCulture, $"({code}: {e.Message})");
        var failure = code < 500 ? MailFailure.Deferred : MailFailure.Refused;
        return (e.ErrorCode, code) switch
        {
            _ when code == 421 || (!isOpen && code < 500) => Unreachable($"{Server} is not available now {reply}.", e),
            _ when !isOpen => Misconfigured(
                null, $"{Server} does not accept mail from this machine {reply}. Check outgoing_email_host, or ask the server's administrator.", e),
            (SmtpErrorCode.SenderNotAccepted, >= 500) => Misconfigured("sender", $"{Server} refused the sender {settings.Address} {reply}. {CheckSender}", e),
            // Postfix and Exim reject the sender in their reply to the recipient.
            (SmtpErrorCode.RecipientNotAccepted, >= 500) when e.Message.Contains("sender", StringComparison.OrdinalIgnoreCase) =>
                Misconfigured("sender", $"{Server} refused the sender {settings.Address} {reply}. {CheckSender}", e),
            (SmtpErrorCode.RecipientNotAccepted, _) => new(
                $"{Server} refused the recipient {e.Mailbox?.Address ?? settings.Receiver} {reply}. " +
                (e.Mailbox is null || e.Mailbox.Address == settings.Receiver ? "Check receiver_email_address." : "Check the address."), failure, e)
            { Step = "recipient" },
            _ => new($"{Server} refused the mail {reply}.", failure, e),
        };
    }

    private static MailException Misconfigured(string? step, string text, Exception e) => new(text, MailFailure.Misconfigured, e) { Step = step };

    private static MailException Unreachable(string text, Exception e, string? step = null) => new(text, MailFailure.Unreachable, e) { Step = step };
}
