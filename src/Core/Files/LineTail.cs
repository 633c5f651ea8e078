using System.Buffers;

namespace AuctionTracker.Core.Files;

/// <summary>Finds lines at the end of a file, reading it backwards in blocks.</summary>
public static class LineTail
{
    private const int BlockBytes = 64 << 10;

    /// <summary>Cuts what follows the last line feed: a line that a crash or a full disk has torn.</summary>
    /// <param name="file">A file that can be read and written.</param>
    /// <param name="cancel">Cancels the operation.</param>
    public static async Task CutAsync(FileStream file, CancellationToken cancel)
    {
        var (end, _) = await FindLineFeedAsync(file, 1, cancel);
        if (end < file.Length)
        {
            file.SetLength(end);
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Where the last lines of a file begin. The file ends with a line feed, or is empty.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lines">How many lines to find.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <returns>The position of the first of them, and how many they are: as many as asked for, or all that the file has.</returns>
    public static async Task<(long From, int Lines)> FindAsync(FileStream file, int lines, CancellationToken cancel)
    {
        var (position, found) = await FindLineFeedAsync(file, lines + 1, cancel);
        return found > lines ? (position, lines) : (0, found);
    }

    /// <summary>Counts line feeds from the end.</summary>
    /// <returns>The position after the last one that was counted, and how many were found.</returns>
    private static async Task<(long Position, int Found)> FindLineFeedAsync(FileStream file, int count, CancellationToken cancel)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var found = 0;
            for (var end = file.Length; end > 0;)
            {
                var start = Math.Max(0, end - BlockBytes);
                var bytes = block.AsMemory(0, (int)(end - start));
                file.Seek(start, SeekOrigin.Begin);
                await file.ReadExactlyAsync(bytes, cancel);
                for (var length = bytes.Length; (length = bytes.Span[..length].LastIndexOf((byte)'\n')) >= 0;)
                {
                    if (++found == count)
                    {
                        return (start + length + 1, found);
                    }
                }

                end = start;
            }

            return (0, found);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
