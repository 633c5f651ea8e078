using System.CommandLine;

namespace AuctionTracker.Core.Alerts;

/// <summary>What consumer v4 can do instead of reading bids.</summary>
public static class AlertOptions
{
    /// <summary>Lists the alerts.</summary>
    public static readonly Option<bool> List = new("--alerts") { Description = "Lists the alerts that wait, were refused, or were sent last, and ends." };

    /// <summary>Gives refused alerts another try.</summary>
    public static readonly Option<bool> Resend = new("--resend") { Description = "Sends the alerts that were refused, and those that wait, now, and ends." };

    /// <summary>Tries the mail settings.</summary>
    public static readonly Option<bool> MailTest = new("--mail-test") { Description = "Sends one mail, says what fails and what to do, and ends." };
}
