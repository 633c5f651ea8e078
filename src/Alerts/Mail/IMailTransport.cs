namespace AuctionTracker.Alerts.Mail;

/// <summary>Delivers mails: <see cref="SmtpTransport"/> or <see cref="EmlFolder"/>. Not thread-safe.</summary>
public interface IMailTransport
{
    /// <summary>Sends a mail. On return the mail is accepted by the server or on the disk. May keep a session open for the next mail.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancel">Cancels the operation; the mail may have been sent even so.</param>
    /// <returns>The log lines of the session.</returns>
    /// <exception cref="MailException">The mail was not sent; the session is closed.</exception>
    Task<IReadOnlyList<string>> SendAsync(IMail mail, CancellationToken cancel);

    /// <summary>Closes the session if one is open.</summary>
    /// <returns>The log lines of the session's end.</returns>
    IReadOnlyList<string> EndSession();
}
