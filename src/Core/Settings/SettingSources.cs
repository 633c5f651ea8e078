namespace AuctionTracker.Core.Settings;

/// <summary>
/// What was written for each setting: by flag, else in the environment, else in the settings file. Everything written is
/// checked, whether the program uses it or not: a mistake found today is better than an alert missed tomorrow.
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
            if (AllSettings.List.All(s => s.Key != key))
            {
                throw new SettingsException($"{value.Place}: {key} is not a setting.{Nearest(key, s => s.Key)} See .env.toml.example.");
            }
        }

        foreach (var name in environment.Keys)
        {
            if (AllSettings.List.All(s => s.EnvironmentVariable != name))
            {
                throw new SettingsException(
                    $"{name} (environment) is not a setting.{Nearest(name, s => s.EnvironmentVariable)} See .env.toml.example.");
            }
        }

        foreach (var setting in AllSettings.List)
        {
            if (Find(setting) is { } found)
            {
                setting.Check(found.Text, found.Place);
            }
        }
    }

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

    private static string Nearest(string wrong, Func<Setting, string> name)
    {
        var nearest = AllSettings.List.Select(name).MinBy(n => Distance(n, wrong))!;
        return Distance(nearest, wrong) <= 3 ? $" Did you mean {nearest}?" : "";
    }

    /// <summary>Levenshtein's distance: how many letters to change, add or leave out.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[b.Length];
    }
}
