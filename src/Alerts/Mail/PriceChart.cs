namespace AuctionTracker.Alerts.Mail;

/// <summary>
/// A picture of prices: a bar each, oldest on the left, the last one in red, and a dashed line for the price that was crossed.
/// Straight edges only, so it needs no graphics library, and is drawn twice as large as shown, to be sharp on every screen.
/// </summary>
internal static class PriceChart
{
    public const int Width = 960;
    public const int Height = 320;
    public const int MostBars = 120;

    private const int Margin = 8;
    private const byte Paper = 0;
    private const byte Bar = 1;
    private const byte Last = 2;
    private const byte Line = 3;

    private static readonly byte[] Palette = [0xff, 0xff, 0xff, 0x93, 0xb4, 0xd8, 0xdc, 0x26, 0x26, 0x37, 0x41, 0x51];

    /// <summary>Draws.</summary>
    /// <param name="prices">The prices, none of them negative; of many, the last <see cref="MostBars"/> are drawn. At least one.</param>
    /// <param name="limit">The price that was crossed, if there is one.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Draw(IReadOnlyList<decimal> prices, decimal? limit)
    {
        var shown = prices.Skip(prices.Count - MostBars).ToList();
        var top = Math.Max(shown.Max(), limit ?? 0);
        var pixels = new byte[Width * Height];
        var step = (Width - (2 * Margin)) / (double)Math.Max(shown.Count, 5);
        for (var i = 0; i < shown.Count; i++)
        {
            var (left, right) = (Margin + (int)(i * step), Margin + (int)((i + 1) * step));
            var gap = Math.Max(1, (right - left) / 6);
            Fill(pixels, left + gap, right - gap, HeightOf(shown[i], top), Height - Margin, i == shown.Count - 1 ? Last : Bar);
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

        return PngEncoder.Encode(Width, Height, Palette, pixels);
    }

    private static int HeightOf(decimal price, decimal top) =>
        Height - Margin - (top > 0 ? (int)((Height - (2 * Margin)) * (price / top)) : 0);

    private static void Fill(byte[] pixels, int left, int right, int top, int bottom, byte colour)
    {
        for (var y = top; y < bottom; y++)
        {
            pixels.AsSpan((y * Width) + left, Math.Max(0, right - left)).Fill(colour);
        }
    }
}
