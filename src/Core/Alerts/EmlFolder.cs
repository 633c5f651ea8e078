using System.Net.Mail;

namespace AuctionTracker.Core.Alerts;

/// <summary>
/// Writes mails to a folder as <c>.eml</c> files, which mail programs open. A mail sent twice is one file: its name comes
/// from the alert's key. A file is there whole or not at all. One caller at a time.
/// </summary>
/// <param name="folder">The folder; made where it is missing.</param>
public sealed class EmlFolder(string folder) : IMailTransport
{
    /// <inheritdoc/>
    public IReadOnlyList<string> EndSession() => [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel)
    {
        var path = Path.Combine(folder, mail.FileName);
        try
        {
            // The library writes under a name of its own, so into a folder for this one mail; the rename is atomic.
            var drafts = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(folder), $".{mail.Key}"));
            Array.ForEach(drafts.GetFiles(), left => left.Delete()); // half a mail, where the last try was cut off
            using (var pickup = new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = drafts.FullName })
            using (var message = mail.ToMessage())
            {
                await pickup.SendMailAsync(message, cancel);
            }

            var draft = drafts.GetFiles("*.eml").Single().FullName;
            using (var written = File.OpenHandle(draft, access: FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(written); // the bid is acked next: the mail must outlive a power cut
            }

            File.Move(draft, path, overwrite: true);
            drafts.Delete(recursive: true);
            return [$"Wrote {path}."];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SmtpException)
        {
            throw new MailException($"The alert can't be written to {path}: {e.Message}", MailFailure.Unreachable, e);
        }
    }
}
