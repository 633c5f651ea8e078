using System.Data.Common;
using AuctionTracker.Report.Formats;

namespace AuctionTracker.Report;

/// <summary>Where a report goes: standard output, or a file that appears when it is complete.</summary>
/// <param name="format">The format.</param>
/// <param name="path">The file, or <see langword="null"/> for standard output.</param>
internal sealed class ReportOutput(IFormat format, string? path)
{
    private const int BufferSize = 1 << 16;

    /// <exception cref="IOException">The file can't be written.</exception>
    public async Task WriteAsync(ReportTable table, CancellationToken stop)
    {
        if (path is not null)
        {
            await WriteFileAsync(path, output => format.WriteAsync(table, output, stop), stop);
            return;
        }

        await using var output = new BufferedStream(Console.OpenStandardOutput(), BufferSize);
        await format.WriteAsync(table, output, stop);
    }

    /// <summary>Writes a file beside its place, flushes it to the disk, and renames it: nobody reads half a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="stop">Cancels writing; the file is left as it was.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static async Task WriteFileAsync(string path, Func<Stream, Task> write, CancellationToken stop)
    {
        var draft = DraftOf(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                await write(file);
                stop.ThrowIfCancellationRequested();
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException { InnerException: not DbException })
        {
            throw new IOException($"{path} can't be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>A name beside a file, for its content until it is complete.</summary>
    /// <param name="path">The file.</param>
    public static string DraftOf(string path) => $"{path}.{Guid.NewGuid():N}.tmp";
}
