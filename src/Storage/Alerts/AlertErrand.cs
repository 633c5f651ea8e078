using System.Net;
using System.Net.Sockets;
using AuctionTracker.Core.Alerts;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Storage.Alerts;

/// <summary>What consumer v4 does instead of reading bids, where a flag asks for it.</summary>
public static class AlertErrand
{
    private const int SentShown = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Runs the errand of <see cref="AlertOptions"/> that was asked for.</summary>
    /// <param name="run">Command line, settings and log.</param>
    /// <param name="stop">Asks for the end.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ProgramException">It failed; the message says what to do.</exception>
    public static async Task<bool> RunAsync(AuctionRun run, CancellationToken stop)
    {
        if (run.Arguments.GetValue(AlertOptions.MailTest))
        {
            await TestAsync(run, stop);
            return true;
        }

        var (list, resend) = (run.Arguments.GetValue(AlertOptions.List), run.Arguments.GetValue(AlertOptions.Resend));
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

    private static async Task ListAsync(AlertOutbox outbox, AuctionRun run, CancellationToken stop)
    {
        foreach (var mail in await outbox.ListAsync(SentShown, stop))
        {
            var state = (mail.Sent, mail.IsRefused) switch
            {
                ({ } sent, _) => $"sent at {Bid.Format(sent)}",
                (_, true) => $"refused: {mail.Error}",
                _ => $"waits for {Bid.Format(mail.Next)}{(mail.Error is { } error ? $": {error}" : "")}",
            };
            var email = AlertEmail.For(mail.Alerts, "", "", mail.Count - mail.Alerts.Count);
            run.Log.Information("{Subject} at {Time}; tries: {Tries}; {State}", email.Subject, Bid.Format(mail.Alerts[0].Time), mail.Attempts, state);
        }

        run.Log.Information("Alerts that wait in {Path}: {Count}.", outbox.Path, await outbox.WaitingAsync(stop));
    }

    /// <summary>Step by step, so that the one that fails is named.</summary>
    private static async Task TestAsync(AuctionRun run, CancellationToken stop)
    {
        var mail = run.Settings.Mail ?? throw new ProgramException(
            "No mail is set up: copy .env.toml.example to .env.toml and fill in the five keys at its top.");
        await StepAsync(run, "name", () => FindAsync(mail, stop));
        await StepAsync(run, "connect", () => ConnectAsync(mail, stop));
        using var transport = new SmtpTransport(mail);
        var now = run.Time.GetUtcNow();
        var threshold = run.Settings.Alerts.Rules.Threshold ?? 0;
        var test = new Bid("test", threshold + 0.01m, now, "mail test", "Auction Tracker", mail.Address);
        var alert = Alert.Of($"mail test {Bid.Format(now)}", AlertKind.HighBid, test, threshold) with { Window = [WindowEntry.Of(test)] };
        var email = AlertEmail.For([alert], mail.Address, mail.Receiver);
        foreach (var line in await StepAsync(run, "session", () => transport.SendAsync(email, stop)))
        {
            run.Log.Information("{Line}", line);
        }

        run.Log.Information("The mail settings work: look for \"{Subject}\" in the inbox of {Receiver}.", email.Subject, mail.Receiver);
    }

    private static async Task<T> StepAsync<T>(AuctionRun run, string step, Func<Task<T>> doIt)
    {
        try
        {
            var result = await doIt();
            run.Log.Information("Mail test, {Step}: well.", step);
            return result;
        }
        catch (MailException e)
        {
            throw new ProgramException($"Mail test, {e.Step ?? step}: {e.Message}", e);
        }
    }

    private static async Task<IPAddress[]> FindAsync(MailSettings mail, CancellationToken stop)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(mail.Host, stop);
        }
        catch (SocketException e)
        {
            throw new MailException($"The mail server's name {mail.Host} is not known here. Check outgoing_email_host.", MailFailure.Unreachable, e);
        }
    }

    private static async Task<bool> ConnectAsync(MailSettings mail, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(Patience);
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(mail.Host, mail.Port, timeout.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new MailException(
                $"Nothing answers at {mail.Host}:{mail.Port}. Check outgoing_email_port (587 for STARTTLS), and whether a firewall forbids it.",
                MailFailure.Unreachable, e);
        }
    }
}
