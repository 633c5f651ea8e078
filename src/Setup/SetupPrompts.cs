using System.Text.RegularExpressions;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Setup;

/// <summary>What is asked, in its order. An answer obeys the rule of its setting, or is asked for again.</summary>
/// <param name="dialogue">Who is asked.</param>
/// <param name="broker">The broker of the command line, or <see langword="null"/>: what the file says is proposed.</param>
internal sealed partial class SetupPrompts(SetupDialog dialogue, string? broker)
{
    private const string None = "-";

    /// <summary>The settings that are asked for.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        AllSettings.MailHost, AllSettings.MailPort, AllSettings.MailAddress, AllSettings.MailPassword, AllSettings.MailReceiver,
        AllSettings.Threshold, AllSettings.BrokerUris,
    ];

    /// <summary>Asks until the answers make settings.</summary>
    /// <returns>The file with the answers in it.</returns>
    public async Task<SettingsFile> AskAsync(SettingsFile file, CancellationToken stop)
    {
        while (true)
        {
            file = await AskAllAsync(file, stop);
            try
            {
                file.Read();
                return file;
            }
            catch (SettingsException e) when (dialogue.IsAtTerminal)
            {
                dialogue.Say(e.Message);
            }
        }
    }

    /// <summary>Asks what to do with settings that failed their test.</summary>
    public async Task<CheckResult> AskVerdictAsync(CancellationToken stop)
    {
        while (true)
        {
            var answer = await dialogue.AskAsync("Change the answers, save anyway, or leave without saving? (change)", isSecret: false, stop);
            switch (answer.Trim().ToLowerInvariant())
            {
                case "" or "c" or "change":
                    return CheckResult.Change;
                case "s" or "save":
                    return CheckResult.Save;
                case "l" or "leave":
                    return CheckResult.Leave;
            }
        }
    }

    private async Task<SettingsFile> AskAllAsync(SettingsFile file, CancellationToken stop)
    {
        file = await AskForMailAsync(file, stop);
        file = await AskAsync(file, AllSettings.Threshold, "A bid is high above", AllSettings.Threshold.DefaultText, stop);
        var proposal = broker ?? Present(file, AllSettings.BrokerUris) ?? AllSettings.BrokerUris.DefaultText;
        return file.With(AllSettings.BrokerUris, await AskAsync(AllSettings.BrokerUris, "Broker", proposal, stop));
    }

    private async Task<SettingsFile> AskForMailAsync(SettingsFile file, CancellationToken stop)
    {
        var host = await AskAsync(
            AllSettings.MailHost, $"Mail server, or {None} for none: alerts become files",
            Present(file, AllSettings.MailHost) ?? "smtp.gmail.com", stop);
        if (host == None)
        {
            Setting[] mail = [AllSettings.MailHost, AllSettings.MailAddress, AllSettings.MailPassword, AllSettings.MailReceiver];
            return mail.Aggregate(file, (f, setting) => f.With(setting, null));
        }

        file = file.With(AllSettings.MailHost, host);
        file = await AskAsync(file, AllSettings.MailPort, "Its port", AllSettings.MailPort.DefaultText, stop);
        file = await AskAsync(file, AllSettings.MailAddress, "Sender's address, which also logs in", "", stop);
        if (Gmail().IsMatch(host))
        {
            dialogue.Say(
                "Gmail takes no account password here, but an app password: turn on 2-Step Verification for the account, open " +
                "https://myaccount.google.com/apppasswords, make one named \"Auction Tracker\", and paste its sixteen letters.");
        }

        file = file.With(AllSettings.MailPassword, await AskForPasswordAsync(Present(file, AllSettings.MailPassword) ?? "", stop));
        return await AskAsync(file, AllSettings.MailReceiver, "Receiver's address", file.TextOf(AllSettings.MailAddress)!, stop);
    }

    private static string? Present(SettingsFile file, Setting setting) => file.TextOf(setting) is { Length: > 0 } text ? text : null;

    private async Task<string> AskForPasswordAsync(string now, CancellationToken stop)
    {
        var enter = now.Length == 0 ? "Enter: no login" : $"Enter keeps the present one, {None} for no login";
        return await dialogue.AskAsync($"Password ({enter})", isSecret: true, stop) switch
        {
            "" => now,
            None => "",
            var typed => typed,
        };
    }

    private async Task<SettingsFile> AskAsync(SettingsFile file, Setting setting, string question, string proposal, CancellationToken stop) =>
        file.With(setting, await AskAsync(setting, question, Present(file, setting) ?? proposal, stop));

    private async Task<string> AskAsync(Setting setting, string question, string proposal, CancellationToken stop)
    {
        while (true)
        {
            var shown = proposal.Length == 0 ? "" : $" ({BrokerPassword().Replace(proposal, "***")})";
            var typed = (await dialogue.AskAsync(question + shown, isSecret: false, stop)).Trim();
            var answer = typed.Length == 0 ? proposal : typed;
            try
            {
                setting.Check(answer, setting.Key);
                return answer;
            }
            catch (SettingsException e) when (dialogue.IsAtTerminal)
            {
                dialogue.Say(e.Message);
            }
        }
    }

    [GeneratedRegex(@"(^|\.)(gmail|googlemail)\.com$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Gmail();

    /// <summary>What stands between a user and the host: everything that may be a password, in a wrong address, too.</summary>
    [GeneratedRegex("(?<=://[^:@/,]*:)[^,]*(?=@)")]
    private static partial Regex BrokerPassword();
}
