using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using Spectre.Console;

namespace AuctionTracker.Setup;

/// <summary>SetupPrompts to whoever sits at the terminal; without one, to the lines of standard input. A secret is never shown.</summary>
internal sealed class SetupDialog
{
    // Nobody but the caller decides whether someone is there to be asked: not the variables of a build server.
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Interactive = InteractionSupport.Yes,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
    });

    /// <summary>Whether a wrong answer can be asked for again.</summary>
    public bool IsAtTerminal { get; } = !Console.IsInputRedirected;

    public void Say(string text) => _console.WriteLine(UntrustedText.Clean(text));

    /// <summary>Asks for one line.</summary>
    /// <exception cref="SettingsException">There is no terminal, and no line any more.</exception>
    public async Task<string> AskAsync(string question, bool isSecret, CancellationToken stop)
    {
        var shown = $"{UntrustedText.Clean(question)}:";
        if (IsAtTerminal)
        {
            var prompt = new TextPrompt<string>(Markup.Escape(shown)) { AllowEmpty = true, IsSecret = isSecret };
            return await prompt.ShowAsync(_console, stop);
        }

        _console.WriteLine(shown);

        // The read itself can't be cancelled; Ctrl+C leaves it behind.
        return await Task.Run(Console.ReadLine, stop).WaitAsync(stop) ?? throw new SettingsException(
            "There is nobody to ask: standard input is no terminal, or ended. Run it at a terminal, give it an answer a line, " +
            "copy .env.toml.example to .env.toml, or set the AUCTION_ variables. Nothing was written.");
    }
}
