using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AuctionTracker.Core.Settings;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AuctionTracker.Core.Alerts;

/// <summary>
/// Sends mails by SMTP, with STARTTLS or TLS from the first byte, and the login that the server offers; one session carries
/// many mails. One caller at a time.
/// </summary>
/// <param name="settings">The server and the login.</param>
public sealed class SmtpTransport(MailSettings settings) : IMailTransport, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(1);

    private readonly string _server = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");
    private SmtpClient? _session;
    private string? _distrust;

    /// <summary>Whether this build can open a session with TLS from its first byte.</summary>
    public static bool SpeaksImplicitTls => true;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel)
    {
        using var message = mail.ToMessage();
        using var mime = MimeMessage.CreateFromMailMessage(message);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Patience);
        try
        {
            if (_session is { } open)
            {
                try
                {
                    await open.SendAsync(mime, timeout.Token);
                    return ["Message sent."];
                }
                catch (Exception e) when (IsSessionOver(e))
                {
                    // The server had closed it meanwhile (many do after some mails, or some seconds): a new one, then.
                    open.Dispose();
                }
            }

            // A private authority publishes no list of what it revoked, and the library would take that for a revocation.
            _session = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = IsTrusted };
            var opened = await OpenAsync(_session, timeout.Token);
            await _session.SendAsync(mime, timeout.Token);
            return [.. opened, "Message sent."];
        }
        catch (Exception e)
        {
            var tls = _session is { IsSecure: true };
            _session?.Dispose();
            _session = null;
            if (IsFailure(e) && !(e is OperationCanceledException && cancel.IsCancellationRequested))
            {
                throw Translate(e, tls);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> EndSession()
    {
        if (_session is null)
        {
            return [];
        }

        _session.Timeout = (int)PatienceAtTheEnd.TotalMilliseconds;
        _session.Disconnect(quit: true);
        _session.Dispose();
        _session = null;
        return ["Session terminated."];
    }

    /// <summary>Ends the session, if one is open.</summary>
    public void Dispose() => EndSession();

    private async Task<IReadOnlyList<string>> OpenAsync(SmtpClient smtp, CancellationToken cancel)
    {
        var encryption = settings.Tls switch
        {
            MailTls.None => SecureSocketOptions.None,
            MailTls.Implicit => SecureSocketOptions.SslOnConnect,
            MailTls.Auto when settings.IsLoopback => SecureSocketOptions.StartTlsWhenAvailable,
            _ => SecureSocketOptions.StartTls,
        };
        await smtp.ConnectAsync(settings.Host, settings.Port, encryption, cancel);
        var login = settings.Password is not null && (smtp.IsSecure || settings.Tls == MailTls.None) &&
            smtp.Capabilities.HasFlag(SmtpCapabilities.Authentication);
        if (login)
        {
            await LoginAsync(smtp, cancel);
        }

        var reached = $"SMTP server reached: {_server}.";
        return (smtp.IsSecure, login) switch
        {
            (true, true) => [reached, "TLS started. Will attempt to login.", $"Successfully logged in as {settings.Address}."],
            (true, false) => [reached, $"TLS started. {(settings.Password is null ? "No login is set up" : "The server asks for no login")}."],
            (false, _) => [reached, "No TLS: the session is in the clear."],
        };
    }

    /// <summary>Logs in one way: the library would try a wrong password in each way the server offers, and servers lock accounts.</summary>
    private async Task LoginAsync(SmtpClient smtp, CancellationToken cancel)
    {
        if (Array.Find(["PLAIN", "LOGIN"], smtp.AuthenticationMechanisms.Contains) is { } way)
        {
            smtp.AuthenticationMechanisms.IntersectWith([way]);
        }

        await smtp.AuthenticateAsync(settings.Address, settings.Password!, cancel);
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _distrust = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? string.Join(", ", chain!.ChainStatus.Select(s => s.Status).Distinct())
            : errors == SslPolicyErrors.None ? null : errors.ToString();
        return errors == SslPolicyErrors.None;
    }

    private static bool IsFailure(Exception e) =>
        e is CommandException or ProtocolException or ServiceNotAuthenticatedException or ServiceNotConnectedException or NotSupportedException or
            AuthenticationException or SslHandshakeException or IOException or SocketException or OperationCanceledException;

    /// <summary>Whether the connection was found closed, or the server said 421, that it is closing it.</summary>
    private static bool IsSessionOver(Exception e) =>
        e is SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable } or ProtocolException or ServiceNotConnectedException or
            IOException or SocketException;

    private MailException Translate(Exception e, bool tls) => e switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } recipient => new MailException(
            $"{_server} refused the recipient {settings.Receiver} ({Code(recipient)}: {recipient.Message}). Check receiver_email_address.",
            IsTemporary(recipient) ? MailFailure.Deferred : MailFailure.Refused, e)
        { Step = "recipient" },
        SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable } smtp => new MailException(
            $"{_server} is not available now ({Code(smtp)}: {smtp.Message}).", MailFailure.Unreachable, e),
        SmtpCommandException smtp => new MailException(
            $"{_server} refused the mail ({Code(smtp)}: {smtp.Message}).", IsTemporary(smtp) ? MailFailure.Deferred : MailFailure.Refused, e),
        NotSupportedException when !tls && settings.Tls != MailTls.None => new MailException(
            $"{_server} offers no STARTTLS, and the mail must not travel in the clear. Check outgoing_email_port, or set [mail] tls = \"none\".",
            MailFailure.Setup, e)
        { Step = "TLS" },
        ServiceNotAuthenticatedException when !tls || settings.Password is null => new MailException(
            $"{_server} wants TLS and a login first. Set outgoing_email_password, and [mail] tls = \"starttls\".", MailFailure.Setup, e)
        { Step = "login" },
        AuthenticationException or ServiceNotAuthenticatedException or NotSupportedException => new MailException(
            $"{_server} refused the login of {settings.Address}. Check outgoing_email_password (Gmail wants an app password).",
            MailFailure.Setup, e)
        { Step = "login" },
        SslHandshakeException when _distrust is not null => new MailException(
            $"The certificate of {_server} is not trusted: {_distrust}. Name its authority with the environment variable SSL_CERT_FILE.",
            MailFailure.Setup, e)
        { Step = "TLS" },
        SslHandshakeException { InnerException: var cause } => new MailException(
            $"TLS with {_server} failed: {cause?.Message.TrimEnd('.')}. Check outgoing_email_port and [mail] tls.", MailFailure.Setup, e)
        { Step = "TLS" },
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => new MailException(
            $"The mail server's name {settings.Host} is not known here. Check outgoing_email_host.", MailFailure.Unreachable, e),
        OperationCanceledException => new MailException(
            $"{_server} did not take the mail within {Patience.TotalSeconds:0} s.", MailFailure.Unreachable, e),
        SocketException or IOException => new MailException($"No mail server answers at {_server} ({e.Message}).", MailFailure.Unreachable, e),
        _ => new MailException($"The mail session with {_server} failed: {e.Message}", MailFailure.Unreachable, e),
    };

    private static bool IsTemporary(SmtpCommandException e) => (int)e.StatusCode is >= 400 and < 500;

    private static string Code(SmtpCommandException e) => ((int)e.StatusCode).ToString(CultureInfo.InvariantCulture);
}
