using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Core.Alerts;

/// <summary>
/// Sends mails by SMTP, with STARTTLS and a login (AUTH LOGIN) as Gmail has them on port 587; one session a mail. After a
/// refused login it does not try again for a minute, for servers lock accounts. One caller at a time.
/// </summary>
/// <param name="settings">The server and the login.</param>
/// <param name="time">The clock.</param>
public sealed class SmtpTransport(MailSettings settings, TimeProvider time) : IMailTransport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LoginPause = TimeSpan.FromMinutes(1);

    private readonly string _server = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");
    private (long At, MailException Refusal)? _login;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel)
    {
        if (_login is { } refused && time.GetElapsedTime(refused.At) < LoginPause)
        {
            throw refused.Refusal;
        }

        var tls = settings.Tls != MailTls.None;
        try
        {
            try
            {
                await SendAsync(mail, tls, cancel);
            }
            catch (SmtpException e) when (settings.Tls == MailTls.Auto && IsLoopback(settings.Host) && OffersNoTls(e))
            {
                tls = false;
                await SendAsync(mail, tls, cancel);
            }
        }
        catch (Exception e) when (e is SmtpException or AuthenticationException or IOException or SocketException or TimeoutException)
        {
            throw Translate(e, tls);
        }

        return Session(tls);
    }

    private async Task SendAsync(AlertEmail mail, bool tls, CancellationToken cancel)
    {
        using var smtp = new SmtpClient(settings.Host, settings.Port) { EnableSsl = tls };
        if (settings.Password is not null && (tls || settings.Tls == MailTls.None))
        {
            smtp.Credentials = new NetworkCredential(settings.Address, settings.Password);
        }

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

    private IReadOnlyList<string> Session(bool tls)
    {
        var reached = $"SMTP server reached: {_server}.";
        var login = $"Successfully logged in as {settings.Address}.";
        return (tls, settings.Password) switch
        {
            (true, not null) => [reached, "TLS started. Will attempt to login.", login, "Message sent.", "Session terminated."],
            (true, null) => [reached, "TLS started. No login is set up.", "Message sent.", "Session terminated."],
            (false, _) => [reached, "No TLS: the session is in the clear.", "Message sent.", "Session terminated."],
        };
    }

    private MailException Translate(Exception e, bool tls) => e switch
    {
        SmtpFailedRecipientException recipient => new MailException(
            $"{_server} refused the recipient {settings.Receiver} ({Code(recipient)}: {recipient.Message}). Check receiver_email_address.",
            isFinal: !IsTemporary(recipient), e),
        SmtpException smtp when OffersNoTls(smtp) => new MailException(
            $"{_server} offers no STARTTLS, and the mail must not travel in the clear. Check outgoing_email_port, or set [mail] tls = \"none\".",
            isFinal: true, e),
        // The library hides a refused login and goes on; the server then answers the mail with 530, over TLS too.
        SmtpException { StatusCode: SmtpStatusCode.MustIssueStartTlsFirst } when tls && settings.Password is not null => LoginRefused(e),
        SmtpException { StatusCode: SmtpStatusCode.MustIssueStartTlsFirst } => new MailException(
            $"{_server} wants TLS and a login first. Set outgoing_email_password, and [mail] tls = \"starttls\".", isFinal: true, e),
        SmtpException smtp when (int)smtp.StatusCode is 534 or 535 => LoginRefused(e),
        SmtpException { InnerException: (AuthenticationException or SocketException or IOException) and { } cause } => Translate(cause, tls),
        SmtpException { StatusCode: SmtpStatusCode.GeneralFailure } smtp => new MailException(
            $"The mail session with {_server} failed: {smtp.InnerException?.Message ?? smtp.Message}", isFinal: false, e),
        SmtpException smtp => new MailException(
            $"{_server} refused the mail ({Code(smtp)}: {smtp.Message}).", isFinal: !IsTemporary(smtp), e),
        AuthenticationException => new MailException(
            $"The certificate of {_server} is not trusted: {e.Message.TrimEnd('.')}. Name its authority with the environment variable SSL_CERT_FILE.",
            isFinal: true, e),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => new MailException(
            $"The mail server's name {settings.Host} is not known here. Check outgoing_email_host.", isFinal: false, e),
        TimeoutException => new MailException($"{_server} did not take the mail within {Patience.TotalSeconds:0} s.", isFinal: false, e),
        _ => new MailException($"No mail server answers at {_server} ({e.Message}).", isFinal: false, e),
    };

    private MailException LoginRefused(Exception e)
    {
        var refusal = new MailException(
            $"{_server} refused the login of {settings.Address}. Check outgoing_email_password (Gmail wants an app password); " +
            "the next try is in a minute at the earliest, for servers lock accounts.",
            isFinal: true, e);
        _login = (time.GetTimestamp(), refusal);
        return refusal;
    }

    /// <summary>The library tells that STARTTLS is not offered by a failure without a status and without a cause.</summary>
    private static bool OffersNoTls(SmtpException e) => e is { StatusCode: SmtpStatusCode.GeneralFailure, InnerException: null };

    private static bool IsTemporary(SmtpException e) => (int)e.StatusCode is >= 400 and < 500;

    private static string Code(SmtpException e) => ((int)e.StatusCode).ToString(CultureInfo.InvariantCulture);

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
