using AuctionTracker.Alerts.Mail;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Alerts.Outbox;

/// <summary>Reads the alerts of an outbox without changing it, while a consumer uses it.</summary>
public static class AlertLog
{
    /// <summary>Reads the last mails, the newest first.</summary>
    /// <param name="path">The SQLite file.</param>
    /// <param name="count">The most mails to read.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="IOException">The file can't be read, or is not an outbox of this version.</exception>
    public static async Task<IReadOnlyList<LoggedMail>> ReadAsync(string path, int count, CancellationToken cancel)
    {
        try
        {
            await using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            await connection.OpenAsync(cancel);
            await using var transaction = connection.BeginTransaction(deferred: true);
            return [.. (await MailTable.ReadLastAsync(transaction, count, cancel)).Select(mail => new LoggedMail(
                mail.Alerts.Count > 0 ? AlertText.Subject(mail.Alerts, mail.Unlisted) : "A damaged mail",
                mail.Alerts.Count > 0 ? mail.Alerts[0].Time : mail.Created,
                mail.Sent is not null,
                mail.IsRefused,
                mail.LastError))];
        }
        catch (SqliteException e)
        {
            throw new IOException($"{path} can't be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}

/// <summary>A mail of the outbox.</summary>
/// <param name="Subject">Its subject. Untrusted text.</param>
/// <param name="Time">The time of its first bid.</param>
/// <param name="IsSent">Whether it was sent.</param>
/// <param name="IsRefused">Whether it was refused. Neither: it waits.</param>
/// <param name="Error">Why it was refused, or the error of the last attempt; <see langword="null"/> for none.</param>
public sealed record LoggedMail(string Subject, DateTimeOffset Time, bool IsSent, bool IsRefused, string? Error);
