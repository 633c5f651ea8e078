using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AuctionTracker.Core.Settings;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// Sends mails by SMTP, with STARTTLS or implicit TLS. One session carries many mails; a session that the server has closed is
/// replaced by a new one.
/// </summary>
/// <param name="settings">The server, the login and the addresses.</param>
/// <param name="timeout">The time-out of a mail, from connecting to the server's last reply; 30 s by default.</param>
public sealed class SmtpTransport(MailSettings settings, TimeSpan? timeout = null) : IMailTransport, IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(1);

    private readonly SmtpErrors _errors = new(settings, timeout ?? DefaultTimeout);
    private SmtpClient? _client;
    private string? _certificateErrors;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(IMail mail, CancellationToken cancel)
    {
        using var message = mail.ToMessage();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout ?? DefaultTimeout);
        var isOpen = _client is not null;
        try
        {
            if (_client is { } open && await TrySendAsync(open, message, limit.Token))
            {
                return ["Message sent."];
            }

            isOpen = false;
            // MailKit treats a certificate without a revocation list, as of a private authority, as revoked.
            _client = new SmtpClient { CheckCertificateRevocation = false, ServerCertificateValidationCallback = ValidateCertificate };
            var lines = await OpenAsync(_client, limit.Token);
            isOpen = true;
            await _client.SendAsync(message, limit.Token);
            return [.. lines, "Message sent."];
        }
        catch (Exception e)
        {
            var isSecure = _client is { IsSecure: true };
            _client?.Dispose();
            _client = null;
            if (IsSmtpError(e) && !(e is OperationCanceledException && cancel.IsCancellationRequested))
            {
                throw _errors.Translate(e, isOpen, isSecure, _certificateErrors);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> EndSession()
    {
        if (_client is null)
        {
            return [];
        }

        _client.Timeout = (int)QuitTimeout.TotalMilliseconds;
        _client.Disconnect(quit: true);
        _client.Dispose();
        _client = null;
        return ["Session terminated."];
    }

    /// <inheritdoc/>
    public void Dispose() => EndSession();

    /// <summary>Sends a message in an open session.</summary>
    /// <returns><see langword="false"/> if the server has closed the session. Many do after some mails or some idle seconds.</returns>
    private static async Task<bool> TrySendAsync(SmtpClient client, MimeMessage message, CancellationToken cancel)
    {
        try
        {
            await client.SendAsync(message, cancel);
            return true;
        }
        catch (Exception e) when (e is SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable } or ProtocolException
            or ServiceNotConnectedException or IOException or SocketException)
        {
            client.Dispose();
            return false;
        }
    }

    private async Task<IReadOnlyList<string>> OpenAsync(SmtpClient client, CancellationToken cancel)
    {
        var options = settings.Tls switch
        {
            MailTls.None => SecureSocketOptions.None,
            MailTls.Implicit => SecureSocketOptions.SslOnConnect,
            MailTls.Auto when settings.IsLoopback => SecureSocketOptions.StartTlsWhenAvailable,
            _ => SecureSocketOptions.StartTls,
        };

        // MailKit writes a mail in several small packets. Without NoDelay, Nagle's algorithm holds each back until the last is acked.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, cancel);
            await client.ConnectAsync(socket, settings.Host, settings.Port, options, cancel);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var login = settings.Password is not null && (client.IsSecure || settings.Tls == MailTls.None) &&
            client.Capabilities.HasFlag(SmtpCapabilities.Authentication);
        if (login)
        {
            await LoginAsync(client, cancel);
        }

        var reached = $"SMTP server reached: {_errors.Server}.";
        return (client.IsSecure, login) switch
        {
            (true, true) => [reached, "TLS started. Will attempt to login.", $"Successfully logged in as {settings.Address}."],
            (true, false) => [reached, $"TLS started. {(settings.Password is null ? "No login is set up" : "The server asks for no login")}."],
            (false, _) => [reached, "No TLS: the session is in the clear."],
        };
    }

    /// <summary>Logs in with one mechanism. MailKit tries a wrong password with every mechanism, and servers then lock the account.</summary>
    private async Task LoginAsync(SmtpClient client, CancellationToken cancel)
    {
        if (Array.Find(["PLAIN", "LOGIN"], client.AuthenticationMechanisms.Contains) is { } mechanism)
        {
            client.AuthenticationMechanisms.IntersectWith([mechanism]);
        }

        await client.AuthenticateAsync(settings.Address, settings.Password!, cancel);
    }

    private bool ValidateCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _certificateErrors = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)
            ? string.Join(", ", chain!.ChainStatus.Select(s => s.Status).Distinct())
            : errors == SslPolicyErrors.None ? null : errors.ToString();
        return errors == SslPolicyErrors.None;
    }

    private static bool IsSmtpError(Exception e) =>
        e is CommandException or ProtocolException or ServiceNotAuthenticatedException or ServiceNotConnectedException or NotSupportedException or
            AuthenticationException or SslHandshakeException or IOException or SocketException or OperationCanceledException;
}
