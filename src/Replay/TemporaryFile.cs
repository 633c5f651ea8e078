using System.Buffers;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Replay;

/// <summary>
/// A file in the system's temporary folder that only this process can reach. Its name is deleted at once, so that the system frees
/// the space however the process ends.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly ArrayBufferWriter<byte> _unwritten = new(BufferBytes);
    private readonly FileStream _file;

    public TemporaryFile()
    {
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"auction-replay-{Path.GetRandomFileName()}");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            _file = new FileStream(path, options);
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>The length in bytes, up to the last flush.</summary>
    public long Length { get; private set; }

    /// <summary>Appends bytes, through a buffer.</summary>
    /// <exception cref="ProgramException">The folder is full.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        _unwritten.Write(bytes.Span);
        if (_unwritten.WrittenCount >= BufferBytes)
        {
            await FlushAsync(stop);
        }
    }

    /// <summary>Writes the buffer to the file.</summary>
    /// <exception cref="ProgramException">The folder is full.</exception>
    public async ValueTask FlushAsync(CancellationToken stop)
    {
        try
        {
            await RandomAccess.WriteAsync(_file.SafeFileHandle, _unwritten.WrittenMemory, Length, stop);
            Length += _unwritten.WrittenCount;
            _unwritten.ResetWrittenCount();
        }
        catch (IOException e)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Reads bytes at an offset.</summary>
    /// <returns>How many; at least 1.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken stop)
    {
        try
        {
            var count = await RandomAccess.ReadAsync(_file.SafeFileHandle, buffer, offset, stop);
            return count > 0 ? count : throw new EndOfStreamException("It ends too early.");
        }
        catch (IOException e)
        {
            throw Unusable(e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static ProgramException Unusable(Exception e) => new(
        $"A temporary file in {Path.GetTempPath()} can't be used: {e.Message} " +
        "Choose another folder with the environment variable TMPDIR (on Windows TMP), or use no file with --sort off and --items.", e);
}
