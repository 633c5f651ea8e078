using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Setup;

/// <summary>Tests settings: connects to the broker and sends a mail.</summary>
internal static class SettingsCheck
{
    /// <summary>Tests the settings and logs each result; a failure comes with what to do.</summary>
    /// <returns>Whether they can be saved. A broker that does not answer is no failure: it may be started later.</returns>
    public static async Task<bool> PassAsync(ProgramRun run, AuctionSettings settings, CancellationToken stop)
    {
        var passed = await BrokerPassesAsync(run, settings.Broker with { Wait = false }, stop);
        return await MailPassesAsync(run, settings, stop) && passed;
    }

    private static async Task<bool> BrokerPassesAsync(ProgramRun run, BrokerSettings settings, CancellationToken stop)
    {
        try
        {
            await new Broker(settings, "setup", run.Log, run.Time).RunAsync((_, _) => Task.CompletedTask, stop);
            stop.ThrowIfCancellationRequested();
            run.Log.Information("Broker test: well.");
            return true;
        }
        catch (BrokerException e)
        {
            // A broker that answers and refuses comes with the client library's exception.
            var refuses = e.InnerException is not null;
            run.Log.Warning("Broker test: {Text}{Later}", e.Message, refuses ? "" : " The settings can be saved without a broker.");
            return !refuses;
        }
    }

    private static async Task<bool> MailPassesAsync(ProgramRun run, AuctionSettings settings, CancellationToken stop)
    {
        if (settings.Mail is null)
        {
            run.Log.Information("No mail is set up: alerts become files in {Folder}.", settings.Alerts.Outbox);
            return true;
        }

        try
        {
            await MailTest.RunAsync(settings, run.Log, run.Time, stop);
            return true;
        }
        catch (ProgramException e)
        {
            run.Log.Error("{Text}", e.Message);
            return false;
        }
    }
}
