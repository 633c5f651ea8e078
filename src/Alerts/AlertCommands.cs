using System.CommandLine;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Alerts;

/// <summary>The flags of consumer v4, and what some of them ask it to do instead of reading bids.</summary>
public static class AlertCommands
{
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

    private const int SentShown = 10;
    private const int GroupsShown = 50;

    /// <summary>Runs the command that a flag asks for: <c>--alerts</c>, <c>--resend</c> or <c>--mail-test</c>.</summary>
    /// <param name="run">Command line, settings and log.</param>
    /// <param name="stop">Asks for the end.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ProgramException">It failed; the message says what to do.</exception>
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
        foreach (var mail in await outbox.ListAsync(SentShown, stop))
        {
            var state = (mail.Sent, mail.IsRefused) switch
            {
                ({ } sent, _) => $"sent at {Bid.Format(sent)}",
                (_, true) => $"refused: {mail.Error}",
                _ => $"waits for {Bid.Format(mail.Next)}{(mail.Error is { } error ? $": {error}" : "")}",
            };
            var (subject, time) = mail.Alerts is [var first, ..]
                ? (AlertEmail.For(mail.Alerts, "", "", mail.Made, mail.Count - mail.Alerts.Count).Subject, first.Time)
                : ("A damaged mail", mail.Made);
            run.Log.Information("{Subject} at {Time}; tries: {Tries}; {State}", subject, Bid.Format(time), mail.Attempts, state);
        }

        var open = await outbox.ListOpenAsync(stop);
        foreach (var group in open.Take(GroupsShown))
        {
            run.Log.Information("{Group}: alerts that are in no mail yet: {Count}; the first at {Time}", group.Name, group.Count, Bid.Format(group.Oldest));
        }

        if (open.Count > GroupsShown)
        {
            run.Log.Information("... and {Count} more groups with alerts that are in no mail yet.", open.Count - GroupsShown);
        }

        run.Log.Information("Alerts that wait in {Path}: {Count}.", outbox.Path, await outbox.WaitingAsync(stop));
    }
}
