namespace AuctionTracker.Alerts.Mail;

/// <summary>Why a mail was not sent, as far as it decides what to do about it.</summary>
public enum MailFailure
{
    /// <summary>The server can't be reached, or the session broke: so it would for every mail. Another try soon may do.</summary>
    Unreachable,

    /// <summary>The server does not take this mail for now (a 4xx answer, as of greylisting). Another try soon may do.</summary>
    Deferred,

    /// <summary>A person must change something first: login, certificate, sender, encryption. So it is for every mail.</summary>
    Setup,

    /// <summary>The server will never take this mail: recipient or message refused.</summary>
    Refused,
}

/// <summary>A mail was not sent. The message is a sentence that says what to do, and holds no password.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="failure">What kind of failure it is.</param>
/// <param name="inner">What was thrown below.</param>
public sealed class MailException(string message, MailFailure failure, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public MailFailure Failure => failure;

    /// <summary>The step of the session that failed, as in <c>login</c>; <see langword="null"/> where that is not known.</summary>
    public string? Step { get; init; }
}
