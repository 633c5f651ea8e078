using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// Encodes a picture of at most four colours as a PNG file (ISO/IEC 15948). Four pixels are a byte, and a row is its difference to the
/// row above, so that a chart, whose rows repeat, is mostly zeros to compress.
/// </summary>
internal static class PngEncoder
{
    private const int BitsPerPixel = 2;
    private const int PixelsPerByte = 8 / BitsPerPixel;
    private const byte IndexedColour = 3;
    private const byte FilterUp = 2;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Encodes a picture. The first colour of the palette is transparent.</summary>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="palette">The colours, at most four: three bytes each, for red, green and blue.</param>
    /// <param name="pixels">The palette index of each pixel, row by row.</param>
    public static byte[] Encode(int width, int height, byte[] palette, ReadOnlySpan<byte> pixels)
    {
        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            var above = new byte[(width + PixelsPerByte - 1) / PixelsPerByte];
            var row = new byte[above.Length];
            var difference = new byte[1 + row.Length];
            difference[0] = FilterUp;
            for (var y = 0; y < height; y++)
            {
                var line = pixels.Slice(y * width, width);
                if (y > 0 && line.SequenceEqual(pixels.Slice((y - 1) * width, width)))
                {
                    difference.AsSpan(1).Clear();
                }
                else
                {
                    Pack(line, row);
                    for (var i = 0; i < row.Length; i++)
                    {
                        difference[i + 1] = (byte)(row[i] - above[i]);
                    }

                    (above, row) = (row, above);
                }

                deflate.Write(difference);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (BitsPerPixel, IndexedColour);
        return [.. Signature, .. Chunk("IHDR", header), .. Chunk("PLTE", palette), .. Chunk("tRNS", [0]),
            .. Chunk("IDAT", rows.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>Packs the pixels of a row, the first one into the highest bits.</summary>
    private static void Pack(ReadOnlySpan<byte> pixels, Span<byte> row)
    {
        row.Clear();
        for (var x = 0; x < pixels.Length; x++)
        {
            row[x / PixelsPerByte] |= (byte)(pixels[x] << (8 - BitsPerPixel - (x % PixelsPerByte * BitsPerPixel)));
        }
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
