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

    /// <summary>Writes a file beside its place, flushes it to the disk, and renames it, so that readers see complete files only. A device is written directly.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="stop">Cancels writing; the file is left as it was.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static async Task WriteFileAsync(string path, Func<Stream, Task> write, CancellationToken stop)
    {
        var target = TargetOf(path);
        var draft = DraftOf(target);
        try
        {
            if (IsDevice(target))
            {
                await using var device = new FileStream(target, FileMode.Open, FileAccess.Write);
                await write(device);
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                await write(file);
                stop.ThrowIfCancellationRequested();
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException { InnerException: not DbException })
        {
            throw new IOException($"{path} can't be written: {e.Message}", e);
        }
        finally
        {
            DeleteDraft(draft);
        }
    }

    /// <summary>Deletes a draft. Where that fails the file could not be written either, and that error is the one to see.</summary>
    /// <param name="draft">The draft; it may be gone.</param>
    public static void DeleteDraft(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>The file that a link points to; otherwise the path itself.</summary>
    /// <param name="path">The path.</param>
    public static string TargetOf(string path) => IsDevice(path) || new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    private static bool IsDevice(string path) => path.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>A name beside a file, for its content until it is complete.</summary>
    /// <param name="path">The file.</param>
    public static string DraftOf(string path) => $"{path}.{Guid.NewGuid():N}.tmp";
}
