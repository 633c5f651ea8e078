using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AuctionTracker.Core.Settings;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// Sends mails by SMTP, with STARTTLS or TLS from the first byte, and the login that the server offers; one session carries
/// many mails. One caller at a time.
/// </summary>
/// <param name="settings">The server and the login.</param>
/// <param name="patience">How long a mail may take, from the connection to the server's last answer; 30 s unless given.</param>
public sealed class SmtpTransport(MailSettings settings, TimeSpan? patience = null) : IMailTransport, IDisposable
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);
    private readonly SmtpErrors _trouble = new(settings, patience ?? TimeSpan.FromSeconds(30));
    private SmtpClient? _session;
    private string? _distrust;


    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel)
    {
        using var message = mail.ToMessage();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(_patience);
        var isOpen = false;
        try
        {
            if (_session is { } open)
            {
                try
                {
                    isOpen = true;
                    await open.SendAsync(message, timeout.Token);
                    return ["Message sent."];
                }
                catch (Exception e) when (IsSessionOver(e))
                {
                    isOpen = false;
                    // The server had closed it meanwhile (many do after some mails, or some seconds): a new one, then.
                    open.Dispose();
                }
            }

            // A private authority publishes no list of what it revoked, and the library would take that for a revocation.
            _session = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = IsTrusted };
            var opened = await OpenAsync(_session, timeout.Token);
            isOpen = true;
            await _session.SendAsync(message, timeout.Token);
            return [.. opened, "Message sent."];
        }
        catch (Exception e)
        {
            var tls = _session is { IsSecure: true };
            _session?.Dispose();
            _session = null;
            if (IsFailure(e) && !(e is OperationCanceledException && cancel.IsCancellationRequested))
            {
                throw Translate(e, tls, isOpen);
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

        // The library writes a mail in pieces, and its own socket would hold each back for the ack of the one before.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, cancel);
            await smtp.ConnectAsync(socket, settings.Host, settings.Port, encryption, cancel);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var login = settings.Password is not null && (smtp.IsSecure || settings.Tls == MailTls.None) &&
            smtp.Capabilities.HasFlag(SmtpCapabilities.Authentication);
        if (login)
        {
            await LoginAsync(smtp, cancel);
        }

        var reached = $"SMTP server reached: {_trouble.Server}.";
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

    private MailException Translate(Exception e, bool tls, bool isOpen) => e switch
    {
        SmtpCommandException smtp => _trouble.Refused(isOpen ? StepOf(smtp) : SmtpStep.Opening, (int)smtp.StatusCode, smtp.Message, e),
        NotSupportedException when !tls && settings.Tls != MailTls.None => _trouble.NoStartTls(e),
        ServiceNotAuthenticatedException when !tls || settings.Password is null => _trouble.WantsLogin(e),
        AuthenticationException or ServiceNotAuthenticatedException or NotSupportedException => _trouble.LoginRefused(e),
        SslHandshakeException when _distrust is not null => _trouble.NotTrusted(_distrust, e),
        SslHandshakeException { InnerException: var cause } => _trouble.TlsBroke((cause ?? e).Message, e),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => _trouble.NameUnknown(e),
        OperationCanceledException => _trouble.TimedOut(e),
        // The library throws the same for an answer that is none and for a connection that ended: only the text tells.
        SmtpProtocolException when !isOpen && !e.Message.Contains("disconnected", StringComparison.Ordinal) => _trouble.NoMailServer(e),
        SocketException => _trouble.NoAnswer(e),
        _ => _trouble.Broke(e),
    };

    private static SmtpStep StepOf(SmtpCommandException e) => e.ErrorCode switch
    {
        SmtpErrorCode.SenderNotAccepted => SmtpStep.Sender,
        SmtpErrorCode.RecipientNotAccepted => SmtpStep.Recipient,
        _ => SmtpStep.Message,
    };
}
