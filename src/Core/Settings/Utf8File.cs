using System.Buffers;
using System.Text.Unicode;

namespace AuctionTracker.Core.Settings;

/// <summary>Reads a text file that must be UTF-8, as TOML must. A byte order mark is dropped.</summary>
internal static class Utf8File
{
    private const char ByteOrderMark = '\ufeff';

    /// <summary>Reads a file.</summary>
    /// <exception cref="SettingsException">It is not UTF-8.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancel)
    {
        // Opening a pipe waits for its other end. Neither .NET nor the system cancels that: the thread is left behind.
        var bytes = await Task.Run(() => File.ReadAllBytes(path), cancel).WaitAsync(cancel);
        var chars = new char[bytes.Length];
        var isUtf8 = Utf8.ToUtf16(bytes, chars, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done;
        var text = chars is [ByteOrderMark, ..] ? new string(chars, 1, length - 1) : new string(chars, 0, length);
        return isUtf8 ? text : throw new SettingsException(
            $"{path}:{1 + text.AsSpan().Count('\n')}, column {text.Length - text.LastIndexOf('\n')}: not TOML: " +
            "this is not UTF-8. Save the file as UTF-8.");
    }
}
