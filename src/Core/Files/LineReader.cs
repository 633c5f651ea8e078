using System.Buffers;

namespace AuctionTracker.Core.Files;

/// <summary>
/// Reads a stream line by line in bounded memory. A line that is longer than the limit is cut to it, and the rest is skipped. Not
/// thread-safe.
/// </summary>
/// <param name="stream">The stream. It may grow after its end was read.</param>
public sealed class LineReader(Stream stream) : IDisposable
{
    /// <summary>The limit in bytes. A bid is shorter, so a line of this length cannot be one.</summary>
    public const int MaxLength = 128 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * MaxLength);
    private int _start;
    private int _end;
    private bool _isSkipping;

    /// <summary>The position in the stream after the last line that was read.</summary>
    public long Position { get; private set; } = stream.CanSeek ? stream.Position : 0;

    /// <summary>Whether the last line had a line feed; without one it is the last line of the stream, which may be torn.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <param name="cancel">Cancels the read.</param>
    /// <returns>The line without its line feed, valid until the next call; <see langword="null"/> at the end of the stream.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        for (var scanned = 0; ;)
        {
            var at = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = Take(scanned + at, lineFeed: 1);
                if (line is not null)
                {
                    return line;
                }

                scanned = 0;
                continue;
            }

            scanned = _end - _start;
            if (scanned >= MaxLength)
            {
                var cut = _isSkipping ? null : (ReadOnlyMemory<byte>?)_buffer.AsMemory(_start, MaxLength);
                Position += scanned;
                (_start, _end, _isSkipping, scanned) = (0, 0, true, 0);
                if (cut is not null)
                {
                    IsComplete = true;
                    return cut;
                }
            }

            if (_start > 0 && _end == _buffer.Length)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0)
            {
                return _end > _start ? Take(_end - _start, lineFeed: 0) : null;
            }

            _end += read;
        }
    }

    /// <summary>Gives the buffer back. Does not close the stream.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <returns><see langword="null"/> for the end of a line that was cut.</returns>
    private ReadOnlyMemory<byte>? Take(int length, int lineFeed)
    {
        ReadOnlyMemory<byte>? line = _isSkipping ? (ReadOnlyMemory<byte>?)null : _buffer.AsMemory(_start, length);
        _start += length + lineFeed;
        Position += length + lineFeed;
        IsComplete = lineFeed == 1;
        _isSkipping = false;
        return line;
    }
}
