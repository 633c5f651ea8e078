using System.Globalization;
using System.Text;

namespace AuctionTracker.Core.Hosting;

/// <summary>Makes text from messages and files safe to show in a log, terminal or mail. Stateless and thread-safe.</summary>
public static class UntrustedText
{
    /// <summary>
    /// Escapes control and format characters, line and paragraph separators and unpaired surrogates, as in <c>\u001b</c>. They could move
    /// the cursor, break a line, start a mail header or reverse the reading direction.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <returns>The escaped text; the same instance if nothing needs an escape.</returns>
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

    /// <summary>Shortens a text that is too long, then escapes it as <see cref="Clean"/> does.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">The length to shorten it to, with the ellipsis and before escaping; at least 2.</param>
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
