namespace AuctionTracker.Core.Settings;

/// <summary>
/// The texts of the settings: from flags, else the environment, else the settings file. Each text is checked at the start, even if
/// the program does not use its setting.
/// </summary>
internal sealed class SettingSources
{
    private readonly IReadOnlyDictionary<string, string> _flags;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IReadOnlyDictionary<string, TomlValue> _file;

    public SettingSources(
        IReadOnlyDictionary<string, string> flags,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, TomlValue> file)
    {
        (_flags, _environment, _file) = (flags, environment, file);
        foreach (var (key, value) in file)
        {
            CheckName(key, $"{value.Place}: {key}", setting => setting.Key);
        }

        foreach (var name in environment.Keys)
        {
            CheckName(name, $"{name} (environment)", setting => setting.EnvironmentVariable);
        }

        foreach (var setting in AllSettings.List)
        {
            if (Find(setting) is { } found)
            {
                setting.Check(found.Text, found.Place);
            }
        }
    }

    /// <summary>The text of a setting and its place; <see langword="null"/> if no source has it.</summary>
    public (string Text, string Place)? Find(Setting setting)
    {
        if (setting.Flag is { } flag && _flags.TryGetValue(flag, out var text))
        {
            return (text, flag);
        }

        if (_environment.TryGetValue(setting.EnvironmentVariable, out text))
        {
            return (text, $"{setting.EnvironmentVariable} (environment)");
        }

        return _file.TryGetValue(setting.Key, out var value) ? (value.Text, $"{value.Place}: {setting.Key}") : null;
    }

    private static void CheckName(string name, string place, Func<Setting, string> nameOf)
    {
        var names = AllSettings.List.Select(nameOf).ToList();
        if (!names.Contains(name))
        {
            throw new SettingsException($"{place} is not a setting.{TypoCorrection.Suggest(name, names)} See .env.toml.example.");
        }
    }
}
