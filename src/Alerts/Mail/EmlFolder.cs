using MimeKit;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// Writes mails to a folder as <c>.eml</c> files, which mail programs open. A mail that is sent again replaces its file. Files are
/// written atomically.
/// </summary>
/// <param name="folder">The folder; it is created if it is missing.</param>
public sealed class EmlFolder(string folder) : IMailTransport
{
    private static readonly FormatOptions Format = new() { NewLineFormat = NewLineFormat.Dos };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SendAsync(IMail mail, CancellationToken cancel)
    {
        var path = Path.Combine(folder, mail.FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var draft = Path.Combine(folder, $".{mail.Key}.draft");
            using var message = mail.ToMessage();
            using var bytes = new MemoryStream(); // many small parts become one write
            await message.WriteToAsync(Format, bytes, cancel);
            await using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await file.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), cancel);
                file.Flush(flushToDisk: true); // the outbox marks the mail as sent next, so it must survive a power failure
            }

            File.Move(draft, path, overwrite: true);
            return [$"Wrote {path}."];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MailException($"The mail can't be written to {path}: {e.Message}", MailFailure.Unreachable, e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> EndSession() => [];
}
