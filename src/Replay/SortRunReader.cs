namespace AuctionTracker.Replay;

/// <summary>Reads the records of a sorted run from a file.</summary>
internal sealed class SortRunReader(TemporaryFile file, long start, long end)
{
    private byte[] _buffer = new byte[1 << 16];
    private long _next = start;
    private int _from;
    private int _to;

    /// <summary>The record; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Record { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <returns><see langword="false"/> at the end of the run.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        if (_from == _to && _next == end)
        {
            return false;
        }

        await FillAsync(SortRun.HeaderBytes, stop);
        var length = SortRun.LengthOf(_buffer.AsSpan(_from));
        await FillAsync(length, stop);
        Record = _buffer.AsMemory(_from, length);
        _from += length;
        return true;
    }

    private async ValueTask FillAsync(int count, CancellationToken stop)
    {
        if (_to - _from >= count)
        {
            return;
        }

        var buffer = count <= _buffer.Length ? _buffer : new byte[count];
        _buffer.AsSpan(_from.._to).CopyTo(buffer);
        (_buffer, _from, _to) = (buffer, 0, _to - _from);
        while (_to < count)
        {
            var room = (int)Math.Min(_buffer.Length - _to, end - _next);
            var read = await file.ReadAsync(_buffer.AsMemory(_to, room), _next, stop);
            _next += read;
            _to += read;
        }
    }
}
