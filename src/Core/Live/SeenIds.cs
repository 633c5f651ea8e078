using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AuctionTracker.Core.Live.Sketches;

namespace AuctionTracker.Core.Live;

/// <summary>
/// The last ids that were seen, by their hashes, so that a bid that comes twice counts once. Two ids with the same 64-bit hash count as one;
/// the key of the hash is random, so a sender cannot choose such ids. Not thread-safe.
/// </summary>
/// <param name="capacity">The number of ids that are kept; up to 50 bytes each.</param>
public sealed class SeenIds(int capacity)
{
    private readonly UInt128 _seed = MemoryMarshal.Read<UInt128>(RandomNumberGenerator.GetBytes(16));
    private readonly HashSet<ulong> _ids = new(capacity + 1);
    private readonly Queue<ulong> _oldestFirst = new(capacity + 1);

    /// <summary>Adds an id; forgets the oldest of too many.</summary>
    /// <param name="id">The id.</param>
    /// <returns>Whether it is new.</returns>
    public bool Add(string id)
    {
        var hash = SipHash.Hash(MemoryMarshal.AsBytes(id.AsSpan()), _seed);
        if (!_ids.Add(hash))
        {
            return false;
        }

        _oldestFirst.Enqueue(hash);
        if (_oldestFirst.Count > capacity)
        {
            _ids.Remove(_oldestFirst.Dequeue());
        }

        return true;
    }
}
