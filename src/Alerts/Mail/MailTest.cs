using System.Net;
using System.Net.Sockets;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using Serilog;

namespace AuctionTracker.Alerts.Mail;

/// <summary>Tests the mail settings by sending one mail, and names the step that fails.</summary>
public static class MailTest
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs the test and logs its steps.</summary>
    /// <param name="settings">The mail server, the login and the receiver. The mail is about a bid just above the threshold.</param>
    /// <param name="log">Receives the steps, and the lines of the session.</param>
    /// <param name="time">The clock, for the date of the mail.</param>
    /// <param name="stop">Cancels the test; the mail may have been sent even so.</param>
    /// <exception cref="ProgramException">No mail is set up, or a step failed. The message names the step and says what to do.</exception>
    public static async Task RunAsync(AuctionSettings settings, ILogger log, TimeProvider time, CancellationToken stop)
    {
        var mail = settings.Mail ?? throw new ProgramException(
            "No mail is set up: copy .env.toml.example to .env.toml and fill in the five keys at its top.");
        await StepAsync(log, "name", () => ResolveAsync(mail, stop));
        await StepAsync(log, "connect", () => ConnectAsync(mail, stop));
        using var transport = new SmtpTransport(mail);
        var now = time.GetUtcNow();
        var threshold = settings.Alerts.Rules.Threshold ?? 0;
        var test = new Bid("test", threshold + 0.01m, now, "mail test", "Auction Tracker", mail.Address);
        var alert = Alert.ForBid($"mail test {Bid.Format(now)}", AlertKind.HighBid, test, threshold) with { Window = [WindowEntry.From(test)] };
        var email = new AlertEmail([alert], mail.Address, mail.Receiver, now);
        foreach (var line in await StepAsync(log, "session", () => transport.SendAsync(email, stop)))
        {
            log.Information("{Line}", line);
        }

        log.Information("The mail settings work: look for \"{Subject}\" in the inbox of {Receiver}.", email.Subject, mail.Receiver);
    }

    private static async Task<T> StepAsync<T>(ILogger log, string step, Func<Task<T>> run)
    {
        try
        {
            var result = await run();
            log.Information("Mail test, {Step}: well.", step);
            return result;
        }
        catch (MailException e)
        {
            throw new ProgramException($"Mail test, {e.Step ?? step}: {e.Message}", e);
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(MailSettings mail, CancellationToken stop)
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
        timeout.CancelAfter(ConnectTimeout);
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(mail.Host, mail.Port, timeout.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new MailException(
                $"Nothing answers at {mail.Host}:{mail.Port}. Check outgoing_email_port (587 for STARTTLS), and whether a firewall blocks it.",
                MailFailure.Unreachable, e);
        }
    }
}
