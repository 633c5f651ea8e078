using MimeKit;

namespace AuctionTracker.Alerts.Mail;

/// <summary>A mail that can be sent again: its identity, its file's name and its bytes stay the same.</summary>
public interface IMail
{
    /// <summary>Its identity: 32 hexadecimal digits.</summary>
    string Key { get; }

    /// <summary>A readable file name that is valid on all systems.</summary>
    string FileName { get; }

    /// <summary>Builds the message, the same for SMTP and .eml files.</summary>
    MimeMessage ToMessage();
}
