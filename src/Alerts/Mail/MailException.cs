namespace AuctionTracker.Alerts.Mail;

/// <summary>Why a mail was not sent; it decides when to try again.</summary>
public enum MailFailure
{
    /// <summary>The server is unreachable or the session broke. It concerns every mail; a retry soon may succeed.</summary>
    Unreachable,

    /// <summary>The server rejects this mail temporarily (a 4xx reply, as in greylisting). A retry soon may succeed.</summary>
    Deferred,

    /// <summary>Login, certificate, sender or encryption fail until a person changes a setting. It concerns every mail.</summary>
    Misconfigured,

    /// <summary>The server rejects this mail permanently (a 5xx reply to its recipient or content).</summary>
    Refused,
}

/// <summary>A mail was not sent. The message says what to do and contains no password.</summary>
/// <param name="message">The message.</param>
/// <param name="failure">Why it was not sent.</param>
/// <param name="inner">The cause, or <see langword="null"/>.</param>
public sealed class MailException(string message, MailFailure failure, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why it was not sent.</summary>
    public MailFailure Failure => failure;

    /// <summary>The step of the session that failed, for example <c>login</c>; <see langword="null"/> if it is unknown.</summary>
    public string? Step { get; init; }
}
