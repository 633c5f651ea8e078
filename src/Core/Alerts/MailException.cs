namespace AuctionTracker.Core.Alerts;

/// <summary>A mail was not sent. The message is a sentence that says what to do, and holds no password.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="isFinal">Whether trying again as it is would fail again: a wrong login, an unknown recipient.</param>
/// <param name="inner">What was thrown below.</param>
public sealed class MailException(string message, bool isFinal, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether trying again as it is would fail again.</summary>
    public bool IsFinal => isFinal;
}
