namespace AuctionTracker.Alerts.Mail;

/// <summary>A way for an alert to leave: <see cref="SmtpTransport"/> or <see cref="EmlFolder"/>. One caller at a time.</summary>
public interface IMailTransport
{
    /// <summary>Sends a mail; when it returns, the mail is accepted or on disk. May leave a session open for the next mail.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancel">Gives up; the mail may have been sent.</param>
    /// <returns>What happened, in the words of a mail session, line by line.</returns>
    /// <exception cref="MailException">The mail was not sent. No session is open any more.</exception>
    Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel);

    /// <summary>Ends the session, if one is open.</summary>
    /// <returns>What happened, in the words of a mail session, line by line.</returns>
    IReadOnlyList<string> EndSession();
}
