using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Core.Alerts;

/// <summary>
/// Sends mails by SMTP, with STARTTLS and a login (AUTH LOGIN) as Gmail has them on port 587; one session carries many mails.
/// One caller at a time.
/// </summary>
/// <param name="settings">The server and the login.</param>
public sealed class SmtpTransport(MailSettings settings) : IMailTransport, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _server = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");
    private SmtpClient? _session;

    /// <summary>Whether this build can open a session with TLS from its first byte.</summary>
    public static bool SpeaksImplicitTls => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel)
    {
        if (_session is { } open)
        {
            try
            {
                await SendAsync(open, mail, cancel);
                return ["Message sent."];
            }
            catch (SmtpException e) when (IsSessionOver(e))
            {
                // The server had closed it meanwhile (many do after some mails, or some seconds): a new one, then.
                EndSession();
            }
            catch (Exception e) when (IsFailure(e))
            {
                EndSession();
                throw Translate(e, open.EnableSsl);
            }
        }

        return [.. await OpenWithAsync(mail, settings.Tls != MailTls.None, cancel), "Message sent."];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> EndSession()
    {
        if (_session is null)
        {
            return [];
        }

        _session.Dispose();
        _session = null;
        return ["Session terminated."];
    }

    /// <summary>Ends the session, if one is open.</summary>
    public void Dispose() => EndSession();

    /// <summary>Opens a session with a mail: the library connects when there is one.</summary>
    private async Task<IReadOnlyList<string>> OpenWithAsync(AlertEmail mail, bool tls, CancellationToken cancel)
    {
        var smtp = new SmtpClient(settings.Host, settings.Port) { EnableSsl = tls };
        if (settings.Password is not null && (tls || settings.Tls == MailTls.None))
        {
            smtp.Credentials = new NetworkCredential(settings.Address, settings.Password);
        }

        try
        {
            await SendAsync(smtp, mail, cancel);
            _session = smtp;
            return Opened(tls);
        }
        catch (SmtpException e) when (tls && settings.Tls == MailTls.Auto && settings.IsLoopback && OffersNoTls(e))
        {
            smtp.Dispose();
            return await OpenWithAsync(mail, tls: false, cancel);
        }
        catch (Exception e)
        {
            smtp.Dispose();
            if (IsFailure(e))
            {
                throw Translate(e, tls);
            }

            throw;
        }
    }

    private static async Task SendAsync(SmtpClient smtp, AlertEmail mail, CancellationToken cancel)
    {
        using var message = mail.ToMessage();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Patience);
        try
        {
            await smtp.SendMailAsync(message, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private IReadOnlyList<string> Opened(bool tls)
    {
        var reached = $"SMTP server reached: {_server}.";
        return (tls, settings.Password) switch
        {
            (true, not null) => [reached, "TLS started. Will attempt to login.", $"Successfully logged in as {settings.Address}."],
            (true, null) => [reached, "TLS started. No login is set up."],
            (false, _) => [reached, "No TLS: the session is in the clear."],
        };
    }

    private static bool IsFailure(Exception e) =>
        e is SmtpException or AuthenticationException or IOException or SocketException or TimeoutException;

    /// <summary>Whether the connection was found closed, or the server said 421, that it is closing it.</summary>
    private static bool IsSessionOver(SmtpException e) =>
        e.StatusCode == SmtpStatusCode.ServiceNotAvailable ||
        e is { StatusCode: SmtpStatusCode.GeneralFailure, InnerException: IOException or SocketException };

    private MailException Translate(Exception e, bool tls) => e switch
    {
        SmtpFailedRecipientException recipient => new MailException(
            $"{_server} refused the recipient {settings.Receiver} ({Code(recipient)}: {recipient.Message}). Check receiver_email_address.",
            IsTemporary(recipient) ? MailFailure.Deferred : MailFailure.Refused, e)
        { Step = "recipient" },
        SmtpException smtp when OffersNoTls(smtp) => new MailException(
            $"{_server} offers no STARTTLS, and the mail must not travel in the clear. Check outgoing_email_port, or set [mail] tls = \"none\".",
            MailFailure.Setup, e)
        { Step = "TLS" },
        // The library hides a refused login and goes on; the server then answers the mail with 530, over TLS too.
        SmtpException { StatusCode: SmtpStatusCode.MustIssueStartTlsFirst } when tls && settings.Password is not null => LoginRefused(e),
        SmtpException { StatusCode: SmtpStatusCode.MustIssueStartTlsFirst } => new MailException(
            $"{_server} wants TLS and a login first. Set outgoing_email_password, and [mail] tls = \"starttls\".", MailFailure.Setup, e)
        { Step = "login" },
        SmtpException smtp when (int)smtp.StatusCode is 534 or 535 => LoginRefused(e),
        SmtpException { InnerException: (AuthenticationException or SocketException or IOException) and { } cause } => Translate(cause, tls),
        SmtpException { StatusCode: SmtpStatusCode.GeneralFailure } smtp => new MailException(
            $"The mail session with {_server} failed: {smtp.InnerException?.Message ?? smtp.Message}", MailFailure.Unreachable, e),
        SmtpException { StatusCode: SmtpStatusCode.ServiceNotAvailable } smtp => new MailException(
            $"{_server} is not available now ({Code(smtp)}: {smtp.Message}).", MailFailure.Unreachable, e),
        SmtpException smtp => new MailException(
            $"{_server} refused the mail ({Code(smtp)}: {smtp.Message}).", IsTemporary(smtp) ? MailFailure.Deferred : MailFailure.Refused, e),
        AuthenticationException => new MailException(
            $"The certificate of {_server} is not trusted: {e.Message.TrimEnd('.')}. Name its authority with the environment variable SSL_CERT_FILE.",
            MailFailure.Setup, e)
        { Step = "TLS" },
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => new MailException(
            $"The mail server's name {settings.Host} is not known here. Check outgoing_email_host.", MailFailure.Unreachable, e),
        TimeoutException => new MailException(
            $"{_server} did not take the mail within {Patience.TotalSeconds:0} s.", MailFailure.Unreachable, e),
        _ => new MailException($"No mail server answers at {_server} ({e.Message}).", MailFailure.Unreachable, e),
    };

    private MailException LoginRefused(Exception e) => new(
        $"{_server} refused the login of {settings.Address}. Check outgoing_email_password (Gmail wants an app password).",
        MailFailure.Setup, e)
    { Step = "login" };

    /// <summary>The library tells that STARTTLS is not offered by a failure without a status and without a cause.</summary>
    private static bool OffersNoTls(SmtpException e) => e is { StatusCode: SmtpStatusCode.GeneralFailure, InnerException: null };

    private static bool IsTemporary(SmtpException e) => (int)e.StatusCode is >= 400 and < 500;

    private static string Code(SmtpException e) => ((int)e.StatusCode).ToString(CultureInfo.InvariantCulture);
}
