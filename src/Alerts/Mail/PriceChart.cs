using System.Buffers;

namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// Draws prices as a bar chart: oldest on the left, the latest in red, and the crossed price as a dashed line. The background is
/// transparent, and the picture has twice the size it is shown in, for screens of high density. It is drawn by hand because it has
/// straight edges only, and a graphics library would bring native parts for every platform.
/// </summary>
public static class PriceChart
{
    /// <summary>The width in pixels; it is shown at half of it.</summary>
    public const int Width = 960;

    /// <summary>The height in pixels; it is shown at half of it.</summary>
    public const int Height = 320;

    /// <summary>The most prices it draws.</summary>
    public const int MaxBars = 120;

    private const int Margin = 8;
    private const byte Bar = 1;
    private const byte Latest = 2;
    private const byte Line = 3;

    /// <summary>The background, which is transparent, and the colours above; they are readable on white and on black.</summary>
    private static readonly byte[] Palette = [0xff, 0xff, 0xff, 0x7d, 0xa4, 0xd0, 0xdc, 0x26, 0x26, 0x6b, 0x72, 0x80];

    /// <summary>Draws a chart.</summary>
    /// <param name="prices">The prices, at least one and none of them negative. Only the last <see cref="MaxBars"/> are drawn.</param>
    /// <param name="limit">The price of the dashed line; <see langword="null"/> for none.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Draw(IReadOnlyList<decimal> prices, decimal? limit)
    {
        var shown = prices.Skip(prices.Count - MaxBars).ToList();
        var top = Math.Max(shown.Max(), limit ?? 0);
        var rented = ArrayPool<byte>.Shared.Rent(Width * Height);
        var pixels = rented.AsSpan(0, Width * Height);
        pixels.Clear();
        var step = (Width - (2 * Margin)) / (double)Math.Max(shown.Count, 5);
        for (var i = 0; i < shown.Count; i++)
        {
            var (left, right) = (Margin + (int)(i * step), Margin + (int)((i + 1) * step));
            var gap = Math.Max(1, (right - left) / 6);
            Fill(pixels, left + gap, right - gap, HeightOf(shown[i], top), Height - Margin, i == shown.Count - 1 ? Latest : Bar);
        }

        Fill(pixels, Margin, Width - Margin, Height - Margin, Height - Margin + 2, Line);
        if (limit is { } crossed)
        {
            var y = HeightOf(crossed, top);
            for (var x = Margin; x < Width - Margin; x += 24)
            {
                Fill(pixels, x, Math.Min(x + 14, Width - Margin), y - 1, y + 2, Line);
            }
        }

        var picture = PngEncoder.Encode(Width, Height, Palette, pixels);
        ArrayPool<byte>.Shared.Return(rented);
        return picture;
    }

    /// <summary>At most as many prices as the picture has bars, at even distances, the first and the last among them.</summary>
    /// <typeparam name="T">The type of a price.</typeparam>
    /// <param name="prices">The prices, oldest first.</param>
    public static IEnumerable<T> Thin<T>(IReadOnlyList<T> prices) =>
        prices.Count <= MaxBars ? prices : Enumerable.Range(0, MaxBars).Select(i => prices[i * (prices.Count - 1) / (MaxBars - 1)]);

    private static int HeightOf(decimal price, decimal top) =>
        Height - Margin - (top > 0 ? (int)((Height - (2 * Margin)) * (price / top)) : 0);

    private static void Fill(Span<byte> pixels, int left, int right, int top, int bottom, byte colour)
    {
        for (var y = top; y < bottom; y++)
        {
            pixels.Slice((y * Width) + left, Math.Max(0, right - left)).Fill(colour);
        }
    }
}
