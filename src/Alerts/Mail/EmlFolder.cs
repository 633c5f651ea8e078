using MimeKit;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// Writes mails to a folder as <c>.eml</c> files, which mail programs open. A mail that is sent twice is one file, because its name
/// comes from its alerts. A file is there whole or not at all. One caller at a time.
/// </summary>
/// <param name="folder">The folder; created where it is missing.</param>
public sealed class EmlFolder(string folder) : IMailTransport
{
    private static readonly FormatOptions LinesOfSmtp = new() { NewLineFormat = NewLineFormat.Dos };

    /// <inheritdoc/>
    public IReadOnlyList<string> EndSession() => [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(AlertEmail mail, CancellationToken cancel)
    {
        var path = Path.Combine(folder, mail.FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var draft = Path.Combine(folder, $".{mail.Key}.draft");
            using (var message = mail.ToMessage())
            await using (var file = File.Create(draft))
            {
                await message.WriteToAsync(LinesOfSmtp, file, cancel);
                file.Flush(flushToDisk: true); // the alert is marked as sent next: the mail must survive a power cut
            }

            File.Move(draft, path, overwrite: true);
            return [$"Wrote {path}."];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailException($"The alert can't be written to {path}: {e.Message}", MailFailure.Unreachable, e);
        }
    }
}
