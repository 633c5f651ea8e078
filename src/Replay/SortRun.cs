using System.Buffers;
using System.Buffers.Binary;

namespace AuctionTracker.Replay;

/// <summary>
/// Records in memory that become one sorted run. A record is a time (8 bytes), the length of a body (4 bytes) and the body.
/// </summary>
internal sealed class SortRun
{
    public const int HeaderBytes = 12;

    private readonly ArrayBufferWriter<byte> _records = new();
    private readonly List<(long Time, int Start, int Length)> _entries = [];

    /// <summary>The size of all records.</summary>
    public int Bytes => _records.WrittenCount;

    public void Add(long time, ReadOnlySpan<byte> body)
    {
        var length = HeaderBytes + body.Length;
        _entries.Add((time, Bytes, length));
        var record = _records.GetSpan(length);
        BinaryPrimitives.WriteInt64LittleEndian(record, time);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], body.Length);
        body.CopyTo(record[HeaderBytes..]);
        _records.Advance(length);
    }

    /// <summary>The records by their time; those of the same time in the order they were added.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Sorted()
    {
        _entries.Sort(); // The start decides between equal times.
        return _entries.Select(entry => _records.WrittenMemory.Slice(entry.Start, entry.Length));
    }

    public void Clear()
    {
        _records.ResetWrittenCount();
        _entries.Clear();
    }

    public static long TimeOf(ReadOnlyMemory<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record.Span);

    public static int LengthOf(ReadOnlySpan<byte> header) => HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(header[8..]);

    public static ReadOnlyMemory<byte> BodyOf(ReadOnlyMemory<byte> record) => record[HeaderBytes..];
}
