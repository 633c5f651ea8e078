using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// Changes one value of a TOML text and leaves every other line as it is. It knows lines, not TOML: whoever calls it reads the
/// result, to see that it took.
/// </summary>
internal static partial class TomlEdit
{
    /// <summary>
    /// Sets a key: where it stands, else in place of a line that has it commented out, else on a new line of its table, which
    /// is added at the end where there is none.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key, as in <c>alerts.threshold</c>.</param>
    /// <param name="literal">The value as TOML writes it.</param>
    public static string Set(string text, string key, string literal)
    {
        var (lines, table, name) = Split(text, key);
        if (LineOf(lines, table, name) is { } at)
        {
            var pair = Pair().Match(lines[at]);
            lines[at] = $"{pair.Groups["indent"]}{pair.Groups["key"]}{literal}{pair.Groups["rest"]}";
        }
        else
        {
            Insert(lines, table, $"{name} = {literal}", EndOfLine(text));
        }

        return string.Join('\n', lines);
    }

    /// <summary>Comments a key out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key, as in <c>alerts.threshold</c>.</param>
    /// <param name="keepValue">Whether the comment shows the value; else it shows an empty text.</param>
    public static string Unset(string text, string key, bool keepValue)
    {
        var (lines, table, name) = Split(text, key);
        if (LineOf(lines, table, name) is { } at)
        {
            var pair = Pair().Match(lines[at]);
            lines[at] = $"# {pair.Groups["key"]}{(keepValue ? pair.Groups["value"].Value : "\"\"")}{pair.Groups["rest"]}";
        }

        return string.Join('\n', lines);
    }

    /// <summary>A text as TOML writes it.</summary>
    public static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c is '"' or '\\' ? quoted.Append('\\').Append(c)
                : char.IsControl(c) ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private static (List<string> Lines, string Table, string Name) Split(string text, string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        return ([.. text.Split('\n')], dot < 0 ? "" : key[..dot], key[(dot + 1)..]);
    }

    /// <summary>The line of a key; of one that is commented out only where no other is.</summary>
    private static int? LineOf(List<string> lines, string table, string name)
    {
        var (start, end) = LinesOf(lines, table);
        var at = lines.FindIndex(start, end - start, line => Is(line, isOff: false));
        at = at >= 0 ? at : lines.FindIndex(start, end - start, line => Is(line, isOff: true));
        return at >= 0 ? at : null;

        bool Is(string line, bool isOff) =>
            Pair().Match(line) is { Success: true } pair && pair.Groups["name"].Value == name && pair.Groups["off"].Success == isOff;
    }

    /// <summary>Where a table's lines begin, after its header, and end; both at the text's end where there is no such table.</summary>
    private static (int Start, int End) LinesOf(List<string> lines, string table)
    {
        var header = table.Length == 0 ? -1 : lines.FindIndex(line => Header().Match(line) is { Success: true } m && m.Groups["name"].Value == table);
        if (header < 0 && table.Length > 0)
        {
            return (lines.Count, lines.Count);
        }

        var end = lines.FindIndex(header + 1, line => line.TrimStart().StartsWith('['));
        return (header + 1, end < 0 ? lines.Count : end);
    }

    private static void Insert(List<string> lines, string table, string pair, string endOfLine)
    {
        // A last line without its end gets one.
        if (lines[^1].Length > 0)
        {
            lines[^1] += endOfLine;
            lines.Add("");
        }

        var (start, end) = LinesOf(lines, table);
        if (table.Length == 0)
        {
            // Not between the first table's header and the comment above it.
            for (start = end; start > 0 && lines[start - 1].StartsWith('#') && end < lines.Count; start--)
            {
            }

            for (; start > 0 && string.IsNullOrWhiteSpace(lines[start - 1]); start--)
            {
            }

            if (start < lines.Count && !string.IsNullOrWhiteSpace(lines[start]))
            {
                lines.Insert(start, endOfLine);
            }
        }
        else if (start == lines.Count)
        {
            start = lines.Count - 1;
            lines.InsertRange(start, [endOfLine, $"[{table}]{endOfLine}"]);
            start += 2;
        }

        lines.Insert(start, pair + endOfLine);
    }

    private static string EndOfLine(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r" : "";

    [GeneratedRegex("""^[ \t]*\[[ \t]*(["']?)(?<name>[A-Za-z0-9_-]+)\1[ \t]*\]""")]
    private static partial Regex Header();

    /// <summary>A key and its value on one line, in force or commented out.</summary>
    [GeneratedRegex("""
        ^(?<indent>[ \t]*)(?<off>\#[ \t]*)?(?<key>(["']?)(?<name>[A-Za-z0-9_-]+)\1[ \t]*=[ \t]*)
        (?<value>"([^"\\]|\\.)*"|'[^']*'|\[[^\]]*\]|[^\s\#"'\[]+)(?<rest>[ \t]*(\#.*)?\r?)$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pair();
}
