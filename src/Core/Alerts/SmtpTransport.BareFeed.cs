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
/// <param name="patience">How long a mail may take, from the connection to the server's last answer; 30 s unless given.</param>
public sealed class SmtpTransport(MailSettings settings, TimeSpan? patience = null) : IMailTransport, IDisposable
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(30);
    private readonly SmtpTrouble _trouble = new(settings, patience ?? TimeSpan.FromSeconds(30));
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
            catch (Exception e) when (e is ObjectDisposedException || (e is SmtpException smtp && IsSessionOver(smtp)))
            {
                // The server had closed it meanwhile (many do after some mails, or some seconds), or the last mail was given up just
                // when it was through: a new one, then.
                EndSession();
            }
            catch (Exception e)
            {
                EndSession();
                if (IsFailure(e))
                {
                    throw Translate(e, open.EnableSsl);
                }

                throw;
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

    /// <summary>
    /// Giving up closes the connection: the library waits for the answer to a message, and for a connection, without looking at
    /// its token.
    /// </summary>
    private async Task SendAsync(SmtpClient smtp, AlertEmail mail, CancellationToken cancel)
    {
        using var message = mail.ToMessage();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var closing = timeout.Token.Register(smtp.Dispose);
        timeout.CancelAfter(_patience);
        try
        {
            await smtp.SendMailAsync(message, CancellationToken.None);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            cancel.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }
    }

    private IReadOnlyList<string> Opened(bool tls)
    {
        var reached = $"SMTP server reached: {_trouble.Server}.";
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
        SmtpException smtp when tls && OffersNoTls(smtp) => _trouble.NoStartTls(e),
        // It hides a refused login and goes on; the server then answers the mail with 530, over TLS too.
        SmtpException { StatusCode: SmtpStatusCode.MustIssueStartTlsFirst } when tls && settings.Password is not null => _trouble.LoginRefused(e),
        SmtpException { StatusCode: SmtpStatusCode.MustIssueStartTlsFirst } => _trouble.WantsLogin(e),
        SmtpException { StatusCode: (SmtpStatusCode)534 or (SmtpStatusCode)535 } => _trouble.LoginRefused(e),
        SmtpException { InnerException: (AuthenticationException or SocketException or IOException) and { } cause } => Translate(cause, tls),
        SmtpException smtp when IsNoMailServer(smtp) => _trouble.NoMailServer(e),
        SmtpException { StatusCode: SmtpStatusCode.GeneralFailure } => _trouble.Broke(e),
        SmtpException smtp => _trouble.Refused(StepOf(smtp), (int)smtp.StatusCode, smtp.Message, e),
        AuthenticationException or IOException when IsOfHandshake(e) => _trouble.TlsBroke(e.Message, e),
        AuthenticationException => _trouble.NotTrusted(e.Message, e),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => _trouble.NameUnknown(e),
        TimeoutException => _trouble.TimedOut(e),
        IOException => _trouble.Broke(e),
        _ => _trouble.NoAnswer(e),
    };

    /// <summary>The library tells that STARTTLS is not offered by a failure without a status and without a cause.</summary>
    private static bool OffersNoTls(SmtpException e) => e is { StatusCode: SmtpStatusCode.GeneralFailure, InnerException: null };

    /// <summary>
    /// A refused sender waits for a person, so that it must be told from a refused message, and the library throws the same for
    /// both: only the method that threw tells. Should it be renamed some day, the mail is kept as refused, and nothing is lost. For
    /// some refusals of a recipient (550) it has an exception of its own, for others (451, 554) not.
    /// </summary>
    private static SmtpStep StepOf(SmtpException e) =>
        IsFrom(e, "SmtpConnection.GetConnectionAsync") ? SmtpStep.Opening
        : IsFrom(e, "MailCommand") ? SmtpStep.Sender
        : e is SmtpFailedRecipientException || IsFrom(e, "RecipientCommand") ? SmtpStep.Recipient
        : SmtpStep.Message;

    /// <summary>The answer was not even a number: the library stumbles over it, or reads some number into it.</summary>
    private static bool IsNoMailServer(SmtpException e) =>
        e.InnerException is FormatException || (int)e.StatusCode is not ((int)SmtpStatusCode.GeneralFailure or (>= 200 and < 600));

    /// <summary>Whether TLS broke before a certificate could be judged.</summary>
    private static bool IsOfHandshake(Exception e) => e is AuthenticationException
        ? !e.Message.Contains("certificate", StringComparison.Ordinal)
        : e.StackTrace?.Contains("SslStream.ReceiveHandshakeFrameAsync", StringComparison.Ordinal) == true;

    /// <summary>Whether an answer was refused there; the trace of a broken connection also names what went well before.</summary>
    private static bool IsFrom(SmtpException e, string method) =>
        e.InnerException is null && e.StackTrace?.Contains($"System.Net.Mail.{method}", StringComparison.Ordinal) == true;
}
