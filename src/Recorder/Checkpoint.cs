using System.Globalization;
using System.Security.Cryptography;

namespace AuctionTracker.Recorder;

/// <summary>
/// How far a sink has read a growing file: a small file beside it, with the position and the hash of the file's beginning, by which another
/// file of the same name is known.
/// </summary>
internal sealed class Checkpoint(string path, string sink)
{
    private const int MaxHead = 4096;

    private readonly string _checkpoint = $"{path}.{sink}.checkpoint";

    /// <returns>The position to go on from; 0 if there is no checkpoint, or the file is another one.</returns>
    public async Task<long> ReadAsync(CancellationToken cancel)
    {
        if (!File.Exists(_checkpoint) || !File.Exists(path))
        {
            return 0;
        }

        return (await File.ReadAllTextAsync(_checkpoint, cancel)).Split(' ') is [var position, var hash]
            && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && hash == await HashAsync(end)
            ? end
            : 0;
    }

    /// <summary>Stores a position. On return it is on the disk.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public async Task WriteAsync(long end)
    {
        var draft = $"{_checkpoint}.draft";
        var hash = await HashAsync(end);
        await using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{end} {hash}")));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, _checkpoint, overwrite: true);
    }

    /// <returns>The hash of the bytes before a position, or of the first of them; "none" if the file is shorter.</returns>
    private async Task<string> HashAsync(long end)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[Math.Min(end, MaxHead)];
        return file.Length >= end && await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) == head.Length
            ? Convert.ToHexStringLower(SHA256.HashData(head))
            : "none";
    }
}
