using System.Globalization;
using System.Text;

namespace AuctionTracker.Core.Hosting;

/// <summary>Text that came from outside, made safe to show. Stateless and thread-safe.</summary>
public static class UntrustedText
{
    /// <summary>
    /// Replaces what could move a cursor, break a line, start a header or turn the reading direction (control and format
    /// characters, line and paragraph separators, half surrogate pairs) with its escape, as in <c>\u001b</c>.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <returns>The same text where nothing needs replacing.</returns>
    public static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsPlain(text, i))
            {
                return Escape(text, i);
            }
        }

        return text;
    }

    /// <summary>Cuts a text that is too long, and makes it safe to show.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">How much is left of it, an ellipsis included; at least 2.</param>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return Clean(text);
        }

        var end = length - 1;
        return $"{Clean(text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)])}…";
    }

    private static string Escape(string text, int first)
    {
        var clean = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            _ = IsPlain(text, i)
                ? clean.Append(text[i])
                : clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
        }

        return clean.ToString();
    }

    private static bool IsPlain(string text, int i) => char.GetUnicodeCategory(text[i]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Surrogate =>
            Rune.TryGetRuneAt(text, i > 0 && char.IsLowSurrogate(text[i]) ? i - 1 : i, out var rune) && !rune.IsBmp &&
            Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format,
        _ => true,
    };
}
