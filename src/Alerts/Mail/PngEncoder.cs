using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AuctionTracker.Alerts.Mail;

/// <summary>Encodes an indexed-colour picture as a PNG file (ISO/IEC 15948).</summary>
internal static class PngEncoder
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Encodes a picture. The first colour of the palette is transparent.</summary>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="palette">The colours: three bytes each, for red, green and blue.</param>
    /// <param name="pixels">The palette index of each pixel, row by row.</param>
    public static byte[] Encode(int width, int height, byte[] palette, byte[] pixels)
    {
        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                deflate.WriteByte(0); // no filter
                deflate.Write(pixels, y * width, width);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3); // bit depth 8, indexed colour
        return [.. Signature, .. Chunk("IHDR", header), .. Chunk("PLTE", palette), .. Chunk("tRNS", [0]),
            .. Chunk("IDAT", rows.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Checksum(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    /// <summary>CRC-32 as PNG defines it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var b in bytes)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 1 ? (sum >> 1) ^ 0xedb88320 : sum >> 1;
            }
        }

        return ~sum;
    }
}
