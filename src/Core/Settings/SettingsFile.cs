using System.Formats.Tar;
using System.Text;
using System.Text.RegularExpressions;
using Tomlyn.Syntax;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// A settings file that is changed one setting at a time and keeps its comments, its order and its other settings. Immutable;
/// <see cref="SaveAsync"/> writes it.
/// </summary>
public sealed partial class SettingsFile
{
    private const string Example = ".env.toml.example";
    private const string Empty = "# Auction Tracker: settings. A setting that is not here has its default; see docs/settings.md.\n";

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly string _path;
    private readonly string _text;
    private readonly IReadOnlyDictionary<string, TomlValue> _values;

    private SettingsFile(string path, string text) => (_path, _text, _values) = (path, text, TomlFile.Parse(path, text));

    /// <summary>Opens a file. If there is none, .env.toml.example of the working folder is the start, else an empty file.</summary>
    /// <param name="path">The file's name. A symbolic link is followed.</param>
    /// <param name="changing">The settings that the caller is going to set: a wrong value of these is no error yet.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="SettingsException">
    /// The file can't be read, is a device or a pipe, or another setting in it is wrong.
    /// </exception>
    public static async Task<SettingsFile> OpenAsync(string path, IReadOnlyCollection<Setting> changing, CancellationToken cancel)
    {
        CheckIsRegular(path);
        var file = new SettingsFile(path, await ReadAsync(path, cancel) ?? await ReadAsync(Example, cancel) ?? Empty);
        var others = file._values.Where(value => changing.All(s => s.Key != value.Key)).ToDictionary();
        _ = new SettingSources(Nothing, Nothing, others);
        return file;
    }

    /// <summary>A setting's text in the file, or <see langword="null"/> if the file does not set it.</summary>
    public string? TextOf(Setting setting) => _values.TryGetValue(setting.Key, out var value) ? value.Text : null;

    /// <summary>The file with one setting changed.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="text">The value; <see langword="null"/> comments the setting out, a secret without its value.</param>
    /// <exception cref="SettingsException">The value is not Unicode, or the change would alter another setting.</exception>
    public SettingsFile With(Setting setting, string? text)
    {
        if (text == TextOf(setting))
        {
            return this;
        }

        if (text?.EnumerateRunes().Contains(Rune.ReplacementChar) == true)
        {
            throw new SettingsException($"{setting.Key} can't be written: it is not Unicode text. Start again with another value.");
        }

        var changed = text is null
            ? TomlEdit.CommentOut(_text, setting.Key, Literal(setting, setting.IsSecret ? "" : TextOf(setting)!))
            : TomlEdit.Set(_text, setting.Key, Literal(setting, text));
        return TryParse(changed) is { } file && AllSettings.List.All(s => file.TextOf(s) == (s == setting ? text : TextOf(s)))
            ? file
            : throw new SettingsException(
                $"{(_values.TryGetValue(setting.Key, out var old) ? old.Place : _path)}: {setting.Key} can't be changed in place. " +
                "Put the key on a line of its own, outside of braces, and start again.");
    }

    /// <summary>The settings of a program that reads this file, without flags and environment.</summary>
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public AuctionSettings Read() => AuctionSettings.From(new SettingSources(Nothing, Nothing, _values));

    /// <summary>
    /// Writes a new file beside the old one, flushes it, reads it back and renames it over the old one. From the first byte only its
    /// owner can read it; on Windows it has the access rights of its folder.
    /// </summary>
    /// <param name="cancel">Cancels; the file is as it was.</param>
    /// <exception cref="SettingsException">The file can't be written; it is as it was.</exception>
    public async Task SaveAsync(CancellationToken cancel)
    {
        var draft = "";
        try
        {
            var target = TargetOf(_path);
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
                throw new IOException("The new file does not read as it was written.");
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

    /// <summary>The full path of a file, or of the file that a symbolic link leads to.</summary>
    private static string TargetOf(string path)
    {
        // ResolveLinkTarget takes a relative path in a link to be relative to the root unless the link's path is full.
        var full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    /// <summary>A rename would replace a device, and opening a pipe would wait for its other end.</summary>
    private static void CheckIsRegular(string path)
    {
        try
        {
            var target = TargetOf(path);
            if (File.Exists(target) && TypeOf(target) != TarEntryType.RegularFile)
            {
                throw new SettingsException($"{path} is a device or a pipe. Choose a file with --settings.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, e);
        }
    }

    /// <summary>The type of a file, from its tar header: no other API of .NET tells a device or a pipe from a file.</summary>
    private static TarEntryType TypeOf(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            writer.WriteEntry(path, entryName: "settings");
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()!.EntryType;
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
            throw CannotRead(path, e);
        }
    }

    private static SettingsException CannotRead(string path, Exception e) => new($"The settings file {path} can't be read: {e.Message}");

    /// <summary>The value as TOML writes it: a number if its setting is one by default, else a quoted text.</summary>
    private static string Literal(Setting setting, string text) =>
        Number().IsMatch(setting.DefaultText) && Number().IsMatch(text) ? text : new StringValueSyntax(text).ToString();

    /// <summary>A number that TOML reads back digit by digit.</summary>
    [GeneratedRegex(@"^(0|[1-9][0-9]{0,14})(\.[0-9]{0,5}[1-9])?\z")]
    private static partial Regex Number();
}
