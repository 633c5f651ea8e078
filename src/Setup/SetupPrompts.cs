using System.Text.RegularExpressions;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using Spectre.Console;

namespace AuctionTracker.Setup;

/// <summary>
/// Asks for the settings: at the terminal, or from the lines of standard input. At the terminal, an answer that is not allowed is
/// asked for again. Secrets are never shown.
/// </summary>
/// <param name="broker">The broker of the command line, or <see langword="null"/> to propose the one in the file.</param>
internal sealed partial class SetupPrompts(string? broker)
{
    private const string None = "-";

    // The console is interactive even on a build server: the user started Setup to be asked.
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Interactive = InteractionSupport.Yes,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
    });

    private readonly bool _isAtTerminal = !Console.IsInputRedirected;

    /// <summary>The settings that Setup asks for.</summary>
    public static IReadOnlyList<Setting> Settings { get; } =
    [
        AllSettings.MailHost, AllSettings.MailPort, AllSettings.MailAddress, AllSettings.MailPassword, AllSettings.MailReceiver,
        AllSettings.Threshold, AllSettings.BrokerUris,
    ];

    /// <summary>Shows a line without its control characters.</summary>
    public void Show(string text) => _console.WriteLine(UntrustedText.Clean(text));

    /// <summary>Asks for all settings, until a program could run with them.</summary>
    /// <returns>The file with the answers in it.</returns>
    /// <exception cref="SettingsException">An answer from standard input is wrong, or there are no more lines.</exception>
    public async Task<SettingsFile> AskAllAsync(SettingsFile file, CancellationToken stop)
    {
        while (true)
        {
            file = await AskForMailAsync(file, stop);
            file = await AskAsync(file, AllSettings.Threshold, "A bid is high above", AllSettings.Threshold.DefaultText, stop);
            var proposal = broker ?? Current(file, AllSettings.BrokerUris) ?? AllSettings.BrokerUris.DefaultText;
            file = file.With(AllSettings.BrokerUris, await AskAsync(AllSettings.BrokerUris, "Broker", proposal, stop));
            try
            {
                file.Read();
                return file;
            }
            catch (SettingsException e) when (_isAtTerminal)
            {
                Show(e.Message);
            }
        }
    }

    /// <summary>Asks what to do with settings that failed their check.</summary>
    public async Task<FailedCheckChoice> AskAfterFailureAsync(CancellationToken stop)
    {
        while (true)
        {
            var answer = await AskAsync("Change the answers, save anyway, or leave without saving? (change)", isSecret: false, stop);
            switch (answer.Trim().ToLowerInvariant())
            {
                case "" or "c" or "change":
                    return FailedCheckChoice.Change;
                case "s" or "save":
                    return FailedCheckChoice.Save;
                case "l" or "leave":
                    return FailedCheckChoice.Leave;
            }
        }
    }

    private async Task<SettingsFile> AskForMailAsync(SettingsFile file, CancellationToken stop)
    {
        var host = await AskAsync(
            AllSettings.MailHost, $"Mail server, or {None} for none: alerts become files",
            Current(file, AllSettings.MailHost) ?? AllSettings.MailHost.Example, stop);
        if (host == None)
        {
            Setting[] mail = [AllSettings.MailHost, AllSettings.MailAddress, AllSettings.MailPassword, AllSettings.MailReceiver];
            return mail.Aggregate(file, (f, setting) => f.With(setting, null));
        }

        file = file.With(AllSettings.MailHost, host);
        file = await AskAsync(file, AllSettings.MailPort, "Its port", AllSettings.MailPort.DefaultText, stop);
        file = await AskAsync(file, AllSettings.MailAddress, "Sender's address, also the user name of the login", "", stop);
        if (Gmail().IsMatch(host))
        {
            Show(
                "Gmail takes an app password here, not the password of the account: turn on 2-Step Verification for the account, open " +
                "https://myaccount.google.com/apppasswords, make one named \"Auction Tracker\", and paste its sixteen letters.");
        }

        file = file.With(AllSettings.MailPassword, await AskForPasswordAsync(Current(file, AllSettings.MailPassword) ?? "", stop));
        return await AskAsync(file, AllSettings.MailReceiver, "Receiver's address", file.TextOf(AllSettings.MailAddress)!, stop);
    }

    private static string? Current(SettingsFile file, Setting setting) => file.TextOf(setting) is { Length: > 0 } text ? text : null;

    private async Task<string> AskForPasswordAsync(string current, CancellationToken stop)
    {
        var enter = current.Length == 0 ? "Enter: no login" : $"Enter keeps the current one, {None} for no login";
        return await AskAsync($"Password ({enter})", isSecret: true, stop) switch
        {
            "" => current,
            None => "",
            var typed => typed,
        };
    }

    private async Task<SettingsFile> AskAsync(
        SettingsFile file, Setting setting, string question, string proposal, CancellationToken stop) =>
        file.With(setting, await AskAsync(setting, question, Current(file, setting) ?? proposal, stop));

    private async Task<string> AskAsync(Setting setting, string question, string proposal, CancellationToken stop)
    {
        while (true)
        {
            var shown = proposal.Length == 0 ? "" : $" ({BrokerPassword().Replace(proposal, "***")})";
            var typed = (await AskAsync(question + shown, isSecret: false, stop)).Trim();
            var answer = typed.Length == 0 ? proposal : typed;
            try
            {
                setting.Check(answer, setting.Key);
                return answer;
            }
            catch (SettingsException e) when (_isAtTerminal)
            {
                Show(e.Message);
            }
        }
    }

    private async Task<string> AskAsync(string question, bool isSecret, CancellationToken stop)
    {
        var shown = $"{UntrustedText.Clean(question)}:";
        if (_isAtTerminal)
        {
            var prompt = new TextPrompt<string>(Markup.Escape(shown)) { AllowEmpty = true, IsSecret = isSecret };
            return await prompt.ShowAsync(_console, stop);
        }

        _console.WriteLine(shown);

        // Console.ReadLine can't be cancelled: on Ctrl+C the program stops waiting for it and ends.
        return await Task.Run(Console.ReadLine, stop).WaitAsync(stop) ?? throw new SettingsException(
            "Standard input ended before the last answer. Nothing was written. Run Setup at a terminal or give it one answer a line; " +
            "without Setup, copy .env.toml.example to .env.toml, or set the AUCTION_ variables.");
    }

    [GeneratedRegex(@"(^|\.)(gmail|googlemail)\.com$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Gmail();

    /// <summary>The text between the user and the host of an address, which may be a password even if the address is wrong.</summary>
    [GeneratedRegex("(?<=://[^:@/,]*:)[^,]*(?=@)")]
    private static partial Regex BrokerPassword();
}
