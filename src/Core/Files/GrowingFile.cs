using System.Runtime.CompilerServices;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Core.Files;

/// <summary>A line of a growing file.</summary>
/// <param name="Bytes">The line without its line feed, valid until the next line is read.</param>
/// <param name="End">The position in the file after the line.</param>
public readonly record struct FileLine(ReadOnlyMemory<byte> Bytes, long End);

/// <summary>
/// Reads a file as it grows, as <c>tail -F</c> does: waits for the file, for the rest of a half-written line, and for more lines. A file
/// that became shorter, or another file of the same name, is read from its beginning.
/// </summary>
/// <param name="path">The path of the file; it need not exist.</param>
/// <param name="time">The clock.</param>
public sealed class GrowingFile(string path, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads the lines that are there, and those that come.</summary>
    /// <param name="from">The position to begin at; it is behind a line feed.</param>
    /// <param name="stop">Ends the lines, without an exception.</param>
    /// <exception cref="ProgramException">The file can't be opened.</exception>
    public async IAsyncEnumerable<FileLine> ReadAsync(long from, [EnumeratorCancellation] CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (Open() is { } file)
            {
                await using var closing = file;
                from = from <= file.Length ? from : 0;
                await foreach (var line in ReadAsync(file, from, stop))
                {
                    yield return line;
                }

                from = 0;
            }

            await WaitAsync(stop);
        }
    }

    /// <summary>Reads until the file is another one, or shorter.</summary>
    private async IAsyncEnumerable<FileLine> ReadAsync(FileStream file, long position, [EnumeratorCancellation] CancellationToken stop)
    {
        var created = File.GetCreationTimeUtc(path);
        while (!stop.IsCancellationRequested)
        {
            // Both are asked before the lines are read: what is appended meanwhile is seen by the next round.
            var (isReplaced, length) = (IsReplaced(), file.Length);
            file.Seek(position, SeekOrigin.Begin);
            using (var lines = new LineReader(file))
            {
                // A line without its end is read again, from its beginning, when there is more.
                while (await lines.ReadAsync(CancellationToken.None) is { } line && lines.IsComplete)
                {
                    position = lines.Position;
                    yield return new FileLine(line, position);
                }
            }

            if (isReplaced || file.Length < position)
            {
                yield break;
            }

            while (file.Length == length && !IsReplaced() && !stop.IsCancellationRequested)
            {
                await WaitAsync(stop);
            }
        }

        bool IsReplaced() => !File.Exists(path) || File.GetCreationTimeUtc(path) != created;
    }

    private FileStream? Open()
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProgramException($"{path} can't be read: {e.Message}", e);
        }
    }

    private async Task WaitAsync(CancellationToken stop) =>
        await Task.Delay(Poll, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
