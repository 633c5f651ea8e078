using System.Globalization;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Alerts.Mail;

/// <summary>Where in a session a server gave an answer that refuses.</summary>
internal enum SmtpStep
{
    Opening,
    Sender,
    Recipient,
    Message,
}

/// <summary>
/// What can go wrong on the way to a mail server, each as a sentence that says what to do: one wording for whichever library
/// speaks SMTP.
/// </summary>
/// <param name="settings">The server, and who mails whom.</param>
/// <param name="patience">How long a mail may take.</param>
internal sealed class SmtpErrors(MailSettings settings, TimeSpan patience)
{
    /// <summary>As in <c>smtp.gmail.com:587</c>.</summary>
    public string Server { get; } = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}");

    public MailException NameUnknown(Exception e) => new(
        $"The mail server's name {settings.Host} is not known here. Check outgoing_email_host.", MailFailure.Unreachable, e);

    public MailException NoAnswer(Exception e) => new($"No mail server answers at {Server} ({e.Message}).", MailFailure.Unreachable, e);

    public MailException NoMailServer(Exception e) => new(
        $"What answers at {Server} is no mail server. Check outgoing_email_host and outgoing_email_port.", MailFailure.Setup, e);

    public MailException NoStartTls(Exception e) => new(
        $"{Server} offers no STARTTLS, and the mail must not travel in the clear. Check outgoing_email_port, or set [mail] tls = \"none\".",
        MailFailure.Setup, e)
    { Step = "TLS" };

    public MailException TlsBroke(string why, Exception e) => new(
        $"{Server} broke off TLS: {why.TrimEnd('.')}. Check outgoing_email_port and [mail] tls.", MailFailure.Unreachable, e)
    { Step = "TLS" };

    public MailException NotTrusted(string why, Exception e) => new(
        $"The certificate of {Server} is not trusted: {why.TrimEnd('.')}. Name its authority with the environment variable SSL_CERT_FILE.",
        MailFailure.Setup, e)
    { Step = "TLS" };

    public MailException WantsLogin(Exception e) => new(
        $"{Server} wants TLS and a login first. Set {(settings.Password is null ? "outgoing_email_password, and " : "")}[mail] tls = \"starttls\".",
        MailFailure.Setup, e)
    { Step = "login" };

    public MailException LoginRefused(Exception e) => new(
        $"{Server} refused the login of {settings.Address}. Check outgoing_email_password (Gmail wants an app password).",
        MailFailure.Setup, e)
    { Step = "login" };

    public MailException TimedOut(Exception e) => new(
        $"{Server} did not take the mail within {patience.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture)} s.", MailFailure.Unreachable, e);

    public MailException Broke(Exception e) => new(
        $"The mail session with {Server} broke: {e.Message.TrimEnd('.')}.", MailFailure.Unreachable, e);

    /// <summary>The server's answer refuses. Some servers (Postfix, Exim) refuse the sender in their answer to the recipient.</summary>
    public MailException Refused(SmtpStep step, int code, string text, Exception e)
    {
        var answer = string.Create(CultureInfo.InvariantCulture, $"({code}: {text})");
        var kind = code < 500 ? MailFailure.Deferred : MailFailure.Refused;
        return (step, code) switch
        {
            (_, 421) or (SmtpStep.Opening, < 500) => new($"{Server} is not available now {answer}.", MailFailure.Unreachable, e),
            (SmtpStep.Opening, _) => new(
                $"{Server} takes no mail from this machine {answer}. Check outgoing_email_host, or ask whoever runs it.", MailFailure.Setup, e),
            (SmtpStep.Sender, >= 500) => SenderRefused(answer, e),
            (SmtpStep.Recipient, >= 500) when text.Contains("sender", StringComparison.OrdinalIgnoreCase) => SenderRefused(answer, e),
            (SmtpStep.Recipient, _) => new(
                $"{Server} refused the recipient {settings.Receiver} {answer}. Check receiver_email_address.", kind, e)
            { Step = "recipient" },
            _ => new($"{Server} refused the mail {answer}.", kind, e),
        };
    }

    private MailException SenderRefused(string answer, Exception e) => new(
        $"{Server} refused the sender {settings.Address} {answer}. Check outgoing_email_address: it must be an address that the login may send from.",
        MailFailure.Setup, e)
    { Step = "sender" };
}
