using System.CommandLine;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Alerts;

/// <summary>The flags of consumer v4, and the commands that some of them run instead of reading bids.</summary>
public static class AlertCommands
{
    private const int MaxSentShown = 10;
    private const int MaxGroupsShown = 50;

    private static readonly Option<bool> List = new("--alerts") { Description = "Lists the alerts that wait, were refused, or were sent last, and ends." };
    private static readonly Option<bool> Resend = new("--resend") { Description = "Sends the alerts that were refused, and those that wait, now, and ends." };
    private static readonly Option<bool> SendTest = new("--mail-test") { Description = "Sends one mail, says what fails and what to do, and ends." };

    /// <summary>Consumer v4: keeps windows and sends alerts.</summary>
    public static readonly ProgramDefinition AlertConsumer = ProgramDefinition.WindowConsumer with
    {
        Flags = [.. ProgramDefinition.WindowConsumer.Flags, AllSettings.Threshold],
        Options = [List, Resend, SendTest],
        Command = RunAsync,
    };

    /// <summary>Runs the commands that the flags ask for.</summary>
    /// <returns><see langword="false"/> if there is none, so that the program reads bids.</returns>
    /// <exception cref="ProgramException">A command failed; the message says what to do.</exception>
    private static async Task<bool> RunAsync(ProgramRun run, CancellationToken stop)
    {
        if (run.Arguments.GetValue(SendTest))
        {
            await MailTest.RunAsync(run.Settings, run.Log, run.Time, stop);
            return true;
        }

        var (list, resend) = (run.Arguments.GetValue(List), run.Arguments.GetValue(Resend));
        if (list || resend)
        {
            await using var outbox = await AlertOutbox.OpenAsync(run.Settings.Alerts, run.Counts, run.Time, stop);
            if (resend)
            {
                run.Log.Information("Refused mails that are tried again: {Count}.", await outbox.ResendAsync(stop));
                await using var relay = await OutboxRelay.StartAsync(outbox, run, stop);
            }

            if (list)
            {
                await ListAsync(outbox, run, stop);
            }
        }

        return list || resend;
    }

    private static async Task ListAsync(AlertOutbox outbox, ProgramRun run, CancellationToken stop)
    {
        foreach (var mail in await outbox.ListMailsAsync(MaxSentShown, stop))
        {
            var state = (mail.Sent, mail.IsRefused) switch
            {
                ({ } sent, _) => $"sent at {Bid.Format(sent)}",
                (_, true) => $"refused: {mail.LastError}",
                _ => $"waits for {Bid.Format(mail.NextAttempt)}{(mail.LastError is { } error ? $": {error}" : "")}",
            };
            var (subject, time) = mail.Alerts is [var first, ..]
                ? (AlertText.Subject(mail.Alerts, mail.Unlisted), first.Time)
                : ("A damaged mail", mail.Created);
            run.Log.Information("{Subject} at {Time}; tries: {Tries}; {State}", subject, Bid.Format(time), mail.Attempts, state);
        }

        var groups = await outbox.CountPendingAsync(stop);
        foreach (var group in groups.Take(MaxGroupsShown))
        {
            run.Log.Information("{Group}: alerts that are in no mail yet: {Count}; the first at {Time}", group.Name, group.Count, Bid.Format(group.Oldest));
        }

        if (groups.Count > MaxGroupsShown)
        {
            run.Log.Information("... and {Count} more groups with alerts that are in no mail yet.", groups.Count - MaxGroupsShown);
        }

        run.Log.Information("Alerts that wait in {Path}: {Count}.", outbox.Path, await outbox.CountWaitingAsync(stop));
    }
}
