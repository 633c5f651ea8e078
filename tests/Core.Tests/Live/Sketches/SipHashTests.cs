using AuctionTracker.Core.Live.Sketches;
using Xunit;

namespace AuctionTracker.Core.Tests.Live.Sketches;

public sealed class SipHashTests
{
    /// <summary>The reference implementation's vectors: the key is the bytes 0 to 15, the data the bytes from 0 on.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(3, 0x85676696d7fb7e2d)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(9, 0x9e0082df0ba9e4b0)]
    [InlineData(15, 0xa129ca6149be45e5)] // also in the appendix of the paper
    [InlineData(16, 0x3f2acc7f57c29bdb)]
    [InlineData(63, 0x958a324ceb064572)]
    public void Hashes_equal_the_published_ones(int length, ulong expected)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];

        Assert.Equal(expected, SipHash.Hash(data, new UInt128(upper: 0x0f0e0d0c0b0a0908, lower: 0x0706050403020100)));
    }

    [Fact]
    public void Another_key_gives_another_hash()
    {
        byte[] data = [1, 2, 3];

        Assert.NotEqual(SipHash.Hash(data, 0), SipHash.Hash(data, 1));
        Assert.NotEqual(SipHash.Hash(data, 0), SipHash.Hash(data, UInt128.One << 64));
    }
}
