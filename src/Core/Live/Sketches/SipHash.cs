using System.Buffers.Binary;
using System.Numerics;

namespace AuctionTracker.Core.Live.Sketches;

/// <summary>
/// SipHash-2-4 of Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012): a 64-bit hash under a secret key. A sender who does
/// not know the key cannot choose texts whose hashes collide or follow a pattern. .NET itself has no such hash:
/// <see cref="string.GetHashCode()"/> has 32 bits and takes no key, and System.IO.Hashing is a package whose hashes are not made for
/// chosen input.
/// </summary>
public static class SipHash
{
    /// <summary>The hash of <paramref name="data"/>, the same on every machine.</summary>
    /// <param name="data">What to hash.</param>
    /// <param name="key">The key: its lower half is k0 of the paper, its upper half k1.</param>
    public static ulong Hash(ReadOnlySpan<byte> data, UInt128 key)
    {
        var (k0, k1) = ((ulong)key, (ulong)(key >> 64));
        var state = new State
        {
            V0 = k0 ^ 0x736f6d6570736575,
            V1 = k1 ^ 0x646f72616e646f6d,
            V2 = k0 ^ 0x6c7967656e657261,
            V3 = k1 ^ 0x7465646279746573,
        };

        // The last word has the bytes that remain and, in its highest byte, the length modulo 256.
        var last = (ulong)data.Length << 56;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            state.Compress(BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        for (var i = 0; i < data.Length; i++)
        {
            last |= (ulong)data[i] << (8 * i);
        }

        state.Compress(last);
        return state.Finish();
    }

    private struct State
    {
        public ulong V0;
        public ulong V1;
        public ulong V2;
        public ulong V3;

        public void Compress(ulong word)
        {
            V3 ^= word;
            Round();
            Round();
            V0 ^= word;
        }

        public ulong Finish()
        {
            V2 ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return V0 ^ V1 ^ V2 ^ V3;
        }

        private void Round()
        {
            V0 += V1;
            V2 += V3;
            V1 = BitOperations.RotateLeft(V1, 13) ^ V0;
            V3 = BitOperations.RotateLeft(V3, 16) ^ V2;
            V0 = BitOperations.RotateLeft(V0, 32);
            V2 += V1;
            V0 += V3;
            V1 = BitOperations.RotateLeft(V1, 17) ^ V2;
            V3 = BitOperations.RotateLeft(V3, 21) ^ V0;
            V2 = BitOperations.RotateLeft(V2, 32);
        }
    }
}
