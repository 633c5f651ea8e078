using System.CommandLine;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Core.Hosting;

/// <summary>The command line of a program: its flags, and their values.</summary>
internal sealed class CommandLine
{
    private static readonly Setting[] OfEveryProgram = [AllSettings.BrokerUris, AllSettings.Wait, AllSettings.Logs, AllSettings.Quiet];

    private readonly RootCommand _command;
    private readonly Dictionary<Setting, Option> _options;

    private readonly Option<string> _file = new("--settings")
    {
        Description = "The settings file. [default: .env.toml, if there is one]",
        HelpName = "FILE",
    };

    public CommandLine(string purpose, ProgramDefinition kind)
    {
        _command = new RootCommand(purpose) { _file };
        _options = OfEveryProgram.Concat(kind.Flags).ToDictionary(s => s, OptionFor);
        foreach (var option in _options.Values)
        {
            _command.Add(option);
        }

        foreach (var option in kind.Options)
        {
            _command.Add(option);
        }

        foreach (var argument in kind.Arguments)
        {
            _command.Add(argument);
        }
    }

    public ParseResult Parse(string[] args) => _command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>The first error in one line, with a suggestion for a mistyped flag or word.</summary>
    public static string ErrorOf(ParseResult parsed)
    {
        // System.CommandLine's own suggestions are several lines on standard output.
        var message = string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var quoted = message.Split('\'').Where((_, i) => i % 2 == 1).ToList();
        var typed = quoted.FirstOrDefault("").Split('=')[0];
        var flags = parsed.CommandResult.Command.Options.Where(option => !option.Hidden).Select(option => option.Name);
        return $"{message}{(message.EndsWith('.') ? "" : ".")}{TypoCorrection.Suggest(typed, [.. flags, .. quoted.Skip(1)])} See --help.";
    }

    /// <summary>The texts of the flags on the command line, and the settings file.</summary>
    /// <exception cref="SettingsException">The name of the settings file is empty.</exception>
    public (IReadOnlyDictionary<string, string> Flags, string? File) Values(ParseResult parsed)
    {
        var given = new Dictionary<string, string>();
        foreach (var (setting, option) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                given[setting.Flag!] = option switch
                {
                    Option<string> text => parsed.GetValue(text)!,
                    Option<string[]> texts => string.Join(',', parsed.GetValue(texts)!),
                    _ => "true",
                };
            }
        }

        return parsed.GetValue(_file) is var file and not ""
            ? (given, file)
            : throw new SettingsException("--settings is \"\": it must be a file's name.");
    }

    private static Option OptionFor(Setting setting)
    {
        var shown = setting.DefaultText.Length == 0 || setting.IsSwitch ? setting.Help : $"{setting.Help} [default: {setting.DefaultText}]";
        var value = setting.Flag!.TrimStart('-').ToUpperInvariant();
        return setting switch
        {
            { IsSwitch: true } => new Option<bool>(setting.Flag) { Description = shown },
            { IsRepeatable: true } => new Option<string[]>(setting.Flag) { Description = shown, HelpName = value, Arity = ArgumentArity.OneOrMore },
            _ => new Option<string>(setting.Flag) { Description = shown, HelpName = value },
        };
    }
}
