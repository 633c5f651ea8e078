namespace AuctionTracker.Core.Alerts;

/// <summary>A way for an alert to leave: <see cref="SmtpTransport"/> or <see cref="EmlFolder"/>.</summary>
public interface IMailTransport
{
    /// <summary>Sends a mail; when it returns, the mail is accepted or on disk.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What happened, in the words of a mail session, line by line.</returns>
    /// <exception cref="MailException">The mail was not sent.</exception>
    Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel);
}
