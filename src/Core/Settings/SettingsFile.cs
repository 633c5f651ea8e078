using System.Text;
using System.Text.RegularExpressions;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// A settings file that is changed key by key: its comments, its order and its other settings stay as they are. Immutable;
/// nothing is written before <see cref="SaveAsync"/>.
/// </summary>
public sealed partial class SettingsFile
{
    /// <summary>What a new file begins as, where the working folder has it.</summary>
    private const string Example = ".env.toml.example";

    private const string Bare = "# Auction Tracker: settings. What is not in here has its default; README.md explains each.\n";

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly string _path;
    private readonly string _text;
    private readonly IReadOnlyDictionary<string, TomlValue> _values;

    private SettingsFile(string path, string text) => (_path, _text, _values) = (path, text, TomlFile.Parse(path, text));

    /// <summary>Opens a file; one that is not there yet begins as .env.toml.example, else empty.</summary>
    /// <param name="path">The file's name. A symbolic link stands for what it leads to.</param>
    /// <param name="changing">What is going to be set: a mistake in these is none yet.</param>
    /// <param name="cancel">Gives up reading.</param>
    /// <exception cref="SettingsException">The file can't be read, or something else in it is wrong.</exception>
    public static async Task<SettingsFile> OpenAsync(string path, IReadOnlyCollection<Setting> changing, CancellationToken cancel)
    {
        var file = new SettingsFile(path, await ReadAsync(path, cancel) ?? await ReadAsync(Example, cancel) ?? Bare);
        var others = file._values.Where(value => changing.All(s => s.Key != value.Key)).ToDictionary();
        _ = new SettingSources(Nothing, Nothing, others);
        return file;
    }

    /// <summary>What is written for a setting, or <see langword="null"/>.</summary>
    public string? TextOf(Setting setting) => _values.TryGetValue(setting.Key, out var value) ? value.Text : null;

    /// <summary>The file with one setting changed.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="text">Its value; <see langword="null"/> comments it out, a secret without its value.</param>
    /// <exception cref="SettingsException">It is no text, or it is written in a way that can't be changed line by line.</exception>
    public SettingsFile With(Setting setting, string? text)
    {
        if (text == TextOf(setting))
        {
            return this;
        }

        if (text?.EnumerateRunes().Contains(Rune.ReplacementChar) == true)
        {
            throw new SettingsException($"{setting.Key} can't be written: it is no Unicode text. Start again with another.");
        }

        var changed = text is null
            ? TomlEdit.Unset(_text, setting.Key, keepValue: !setting.IsSecret)
            : TomlEdit.Set(_text, setting.Key, Number().IsMatch(setting.DefaultText) && Number().IsMatch(text) ? text : TomlEdit.Quote(text));
        return TryParse(changed) is { } file && AllSettings.List.All(s => file.TextOf(s) == (s == setting ? text : TextOf(s)))
            ? file
            : throw new SettingsException(
                $"{(_values.TryGetValue(setting.Key, out var old) ? old.Place : _path)}: {setting.Key} can't be changed as it is written. " +
                "Write the key and its value on one line, and start again.");
    }

    /// <summary>The settings of a program that has this file, no flag and no environment.</summary>
    /// <exception cref="SettingsException">Something in it is wrong.</exception>
    public AuctionSettings Read() => AuctionSettings.From(new SettingSources(Nothing, Nothing, _values));

    /// <summary>
    /// Writes the file: a draft beside it, which nobody but its owner can read at any moment (Windows: as its folder says), is
    /// flushed, read back and put in the file's place at once.
    /// </summary>
    /// <param name="cancel">Gives up; then nothing was written.</param>
    /// <exception cref="SettingsException">It can't be written; the file is as it was.</exception>
    public async Task SaveAsync(CancellationToken cancel)
    {
        var draft = "";
        try
        {
            // The full path: a link in the current folder, named without one, would count as one in the root.
            var path = Path.GetFullPath(_path);
            var target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
            draft = $"{target}.{Path.GetRandomFileName()}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (var stream = new FileStream(draft, options))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_text), cancel);
                stream.Flush(flushToDisk: true);
            }

            var read = new SettingsFile(_path, await ReadAsync(draft, cancel) ?? "");
            if (AllSettings.List.Any(s => read.TextOf(s) != TextOf(s)))
            {
                throw new IOException("what was written reads otherwise.");
            }

            cancel.ThrowIfCancellationRequested();
            File.Move(draft, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The settings file {_path} can't be written: {e.Message} Choose another with --settings.");
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }

    private SettingsFile? TryParse(string text)
    {
        try
        {
            return new SettingsFile(_path, text);
        }
        catch (SettingsException)
        {
            return null;
        }
    }

    private static async Task<string?> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await Utf8File.ReadAsync(path, cancel);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The settings file {path} can't be read: {e.Message}");
        }
    }

    /// <summary>A number that every reader of TOML gives back as it was written.</summary>
    [GeneratedRegex(@"^(0|[1-9][0-9]{0,14})(\.[0-9]{0,5}[1-9])?\z")]
    private static partial Regex Number();
}
