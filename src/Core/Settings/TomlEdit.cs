using Tomlyn.Syntax;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// Changes one value of a TOML text and leaves every other character as it is. Tomlyn's syntax tree gives the place of each value and
/// comment; the text is spliced there by hand, because the tree has no key in a commented-out line, ends each new line with a line
/// feed, and takes the comment above a table for a part of the table before it.
/// </summary>
internal static class TomlEdit
{
    /// <summary>
    /// Sets a key: where it stands; else on the line that has it commented out; else on a new line of its table, which is added at the
    /// end if it is missing.
    /// </summary>
    /// <param name="text">The text; it must be TOML.</param>
    /// <param name="key">The key, as in <c>alerts.threshold</c>.</param>
    /// <param name="literal">The value as TOML writes it.</param>
    public static string Set(string text, string key, string literal) =>
        PairOf(text, key) is { } pair ? Replace(text, pair.Value!.Span, literal)
        : CommentOf(text, key) is { } comment ? Replace(text, comment.Span, Set(ContentOf(comment), Split(key).Name, literal))
        : Add(text, key, literal);

    /// <summary>Comments a key out; the comment shows another value.</summary>
    /// <param name="text">The text; it must be TOML.</param>
    /// <param name="key">The key, as in <c>alerts.threshold</c>.</param>
    /// <param name="literal">The value in the comment, as TOML writes it.</param>
    public static string CommentOut(string text, string key, string literal) =>
        PairOf(text, key) is { } pair
            ? Replace(text, pair.Value!.Span, literal).Insert(pair.Span.Start.Offset, "# ")
            : text;

    private static string Replace(string text, SourceSpan span, string by) =>
        string.Concat(text.AsSpan(0, span.Start.Offset), by, text.AsSpan(After(span)));

    /// <summary>The offset after a span, whose end is inclusive.</summary>
    private static int After(SourceSpan span) => span.End.Offset + 1;

    private static DocumentSyntax Parse(string text) => TomlFile.TryParse(text, out var document, out _) ? document : new DocumentSyntax();

    private static KeyValueSyntax? PairOf(string text, string key) => TomlFile.Pairs(Parse(text)).FirstOrDefault(p => p.Key == key).Pair;

    /// <summary>The first comment in the key's table that has a line of its own and holds the key and a value.</summary>
    private static SyntaxTrivia? CommentOf(string text, string key)
    {
        var document = Parse(text);
        var (table, name) = Split(key);
        var header = TableOf(document, table);
        if (header is null && table.Length > 0)
        {
            return null;
        }

        var start = header?.Span.Start.Offset ?? 0;
        var end = document.Tables.Select(t => t.Span.Start.Offset).FirstOrDefault(offset => offset > start || header is null, text.Length);
        return document.Tokens().OfType<SyntaxTrivia>().FirstOrDefault(trivia =>
            trivia.Kind == TokenKind.Comment && trivia.Span.Start.Offset >= start && trivia.Span.Start.Offset < end &&
            IsFirstOnItsLine(text, trivia.Span.Start.Offset) && PairOf(ContentOf(trivia), name) is not null);
    }

    private static string ContentOf(SyntaxTrivia comment) => comment.Text!.TrimStart('#', ' ', '\t');

    private static bool IsFirstOnItsLine(string text, int offset)
    {
        var before = text.AsSpan(0, offset);
        return before[(before.LastIndexOf('\n') + 1)..].IsWhiteSpace();
    }

    private static string Add(string text, string key, string literal)
    {
        var endOfLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        text += text.Length == 0 || text.EndsWith('\n') ? "" : endOfLine;
        var document = Parse(text);
        var (table, name) = Split(key);
        if (table.Length == 0)
        {
            return AddOnTop(text, document, $"{name} = {literal}{endOfLine}", endOfLine);
        }

        if (TableOf(document, table) is { } header)
        {
            return text.Insert(After(header.EndOfLineToken!.Span), $"{name} = {literal}{endOfLine}");
        }

        return TomlFile.Pairs(document).LastOrDefault(p => Split(p.Key).Table == table).Pair is not { } sibling
            ? $"{text}{endOfLine}[{table}]{endOfLine}{name} = {literal}{endOfLine}"
            : sibling.Parent is InlineTableItemSyntax ? text.Insert(After(sibling.Span), $", {name} = {literal}")
            : text.Insert(After(sibling.Span), $"{key} = {literal}{endOfLine}");
    }

    /// <summary>Adds a line after the last key on top; where there is none, after the comment at the head of the file.</summary>
    private static string AddOnTop(string text, DocumentSyntax document, string line, string endOfLine)
    {
        if (document.KeyValues.LastOrDefault() is { } last)
        {
            return text.Insert(After(last.Span), line);
        }

        var head = text.IndexOf(endOfLine + endOfLine, StringComparison.Ordinal) + endOfLine.Length;
        return document.Tables.ChildrenCount == 0 ? text + line
            : head >= endOfLine.Length && head <= document.Tables.First().Span.Start.Offset ? text.Insert(head, line)
            : line + endOfLine + text;
    }

    private static TableSyntaxBase? TableOf(DocumentSyntax document, string name) =>
        document.Tables.FirstOrDefault(table => TomlFile.NameOf(table.Name!) == name);

    private static (string Table, string Name) Split(string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        return (dot < 0 ? "" : key[..dot], key[(dot + 1)..]);
    }
}
