using System.Buffers.Binary;

namespace AuctionTracker.Core.Live;

/// <summary>
/// A message's place in the order of (time, id), which decides between bids that are otherwise equal. An id that is a UUID takes 16 bytes
/// instead of a hundred: its bytes have the order of its text.
/// </summary>
internal readonly struct MessageKey : IComparable<MessageKey>
{
    private readonly long _ticks;
    private readonly UInt128 _uuid;
    private readonly string? _text;

    public MessageKey(DateTimeOffset time, string id)
    {
        _ticks = time.UtcTicks;
        Span<byte> bytes = stackalloc byte[16];
        if (Guid.TryParseExact(id, "D", out var uuid) && !id.AsSpan().ContainsAnyInRange('A', 'F'))
        {
            uuid.TryWriteBytes(bytes, bigEndian: true, out _);
            _uuid = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        }
        else
        {
            _text = id;
        }
    }

    public int CompareTo(MessageKey other)
    {
        var byTime = _ticks.CompareTo(other._ticks);
        return byTime != 0 ? byTime
            : _text is null && other._text is null ? _uuid.CompareTo(other._uuid)
            : string.CompareOrdinal(Text, other.Text);
    }

    private string Text
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, _uuid);
            return _text ?? new Guid(bytes, bigEndian: true).ToString();
        }
    }
}
