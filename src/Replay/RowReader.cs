using System.Buffers;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Replay;

/// <summary>
/// Splits UTF-8 text into rows, in bounded memory. A row ends at a line break (LF, CR LF or CR) outside quotes. A row that is
/// longer than <see cref="MaxRowBytes"/>, or whose quote is never closed, is refused up to its first line break; the next row begins there.
/// </summary>
/// <remarks>CsvHelper can't go on after a record that is too long, and reads an unclosed quote up to the end of the file.</remarks>
/// <param name="text">The text; a byte order mark is skipped.</param>
/// <param name="name">The name of the file, for errors.</param>
internal sealed class RowReader(Stream text, string name)
{
    /// <summary>The longest row, in bytes without its line break (1 MiB, inclusive).</summary>
    public const int MaxRowBytes = 1 << 20;

    private static readonly SearchValues<byte> Breaks = SearchValues.Create("\r\n"u8);
    private static readonly SearchValues<byte> BreaksAndQuotes = SearchValues.Create("\r\n\""u8);

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    // The row at _start: how much of it is scanned, and what the next read skips.
    private int _scanned;
    private int _lineBreaks;
    private int _firstLineBytes;
    private int _bytesToSkip;
    private int _linesToSkip = 1;
    private bool _isInQuotes;
    private bool _isTooLong;

    /// <summary>Whether a line break inside quotes belongs to the row. The default is <see langword="true"/>.</summary>
    public bool HasQuotes { get; set; } = true;

    /// <summary>The row without its line break; valid until the next read. Empty where the row is refused.</summary>
    public ReadOnlyMemory<byte> Row { get; private set; }

    /// <summary>The line where the row starts, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Why the row is refused, or <see langword="null"/>.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The first byte of the text, or <see langword="null"/> where there is none. Call it before the first read.</summary>
    public async ValueTask<byte?> FirstByteAsync(CancellationToken stop)
    {
        while (_end < 3 && !_isAtEnd)
        {
            await FillAsync(stop);
        }

        _start = _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;
        return _start < _end ? _buffer[_start] : null;
    }

    /// <summary>Reads the next row.</summary>
    /// <returns><see langword="false"/> at the end of the text.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        _start += _bytesToSkip;
        Line += _linesToSkip;
        (_scanned, _lineBreaks, _isInQuotes, _isTooLong) = (0, 0, false, false);
        int? lineBreak;
        while ((lineBreak = Scan()) is null && !_isAtEnd)
        {
            await FillAsync(stop);
        }

        (_bytesToSkip, _linesToSkip) = (_scanned + (lineBreak ?? 0), _lineBreaks + 1);
        Refusal = _isTooLong ? "it is longer than 1 MiB" : _isInQuotes ? "a quote is not closed" : null;
        Row = Refusal is null ? _buffer.AsMemory(_start, _scanned) : default;
        if (Refusal is not null)
        {
            TrySplit();
        }

        return lineBreak is not null || _scanned > 0 || _isTooLong;
    }

    /// <summary>Makes the next read begin at the second line of this row.</summary>
    /// <returns><see langword="false"/> where the row has one line.</returns>
    public bool TrySplit()
    {
        if (_lineBreaks == 0)
        {
            return false;
        }

        (_bytesToSkip, _linesToSkip) = (_firstLineBytes, 1);
        return true;
    }

    /// <summary>Scans up to the line break that ends the row.</summary>
    /// <returns>The length of the line break, or <see langword="null"/> where it is not in the buffer.</returns>
    private int? Scan()
    {
        while (true)
        {
            var rest = _buffer.AsSpan((_start + _scanned).._end);
            var next = rest.IndexOfAny(HasQuotes ? BreaksAndQuotes : Breaks);
            _scanned += next < 0 ? rest.Length : next;
            if (_scanned > MaxRowBytes)
            {
                _isTooLong = true;
                if (_lineBreaks > 0)
                {
                    return 0;
                }

                // The rest of the line goes by without being kept.
                (_start, _scanned, _isInQuotes) = (_start + _scanned, 0, false);
            }

            if (next < 0)
            {
                return null;
            }

            if (rest[next] == '"')
            {
                _isInQuotes ^= !_isTooLong;
                _scanned++;
                continue;
            }

            if (rest[next] == '\r' && next + 1 == rest.Length && !_isAtEnd)
            {
                return null;
            }

            var lineBreak = rest[next..].StartsWith("\r\n"u8) ? 2 : 1;
            if (!_isInQuotes)
            {
                return lineBreak;
            }

            _scanned += lineBreak;
            if (_lineBreaks++ == 0)
            {
                _firstLineBytes = _scanned;
            }
        }
    }

    private async ValueTask FillAsync(CancellationToken stop)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            // A read of standard input ignores its token.
            var count = await text.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).AsTask().WaitAsync(stop);
            _isAtEnd = count == 0;
            _end += count;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new ProgramException($"{name} can't be read: {e.Message}", e);
        }
    }
}
