using System.Security.Cryptography;
using System.Text;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>The last ids that were seen, so that a bid that comes from the record and from the queue counts once. Not thread-safe.</summary>
/// <param name="capacity">The number of ids that are kept; 28 to 60 bytes each.</param>
internal sealed class SeenIds(int capacity)
{
    private readonly HashSet<UInt128> _ids = [];
    private readonly Queue<UInt128> _oldestFirst = [];

    /// <summary>Adds an id.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(string id)
    {
        var key = KeyOf(id);
        if (!_ids.Add(key))
        {
            return false;
        }

        _oldestFirst.Enqueue(key);
        if (_oldestFirst.Count > capacity)
        {
            _ids.Remove(_oldestFirst.Dequeue());
        }

        return true;
    }

    private static UInt128 KeyOf(string id)
    {
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Guid.TryParseExact(id, "D", out var guid) || !guid.TryWriteBytes(key))
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(id), key);
        }

        return BitConverter.ToUInt128(key);
    }
}
