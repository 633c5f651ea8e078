using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// Reads a settings file with Tomlyn, which knows all of TOML 1.1. The values come from its syntax tree, because the tree keeps the
/// lines and the digits as written. Text that is not TOML, or that no setting can hold, is an error with file, line and column.
/// </summary>
internal static class TomlFile
{
    /// <summary>Reads a file's text.</summary>
    /// <returns>The values by dotted key, as in <c>alerts.threshold</c>.</returns>
    /// <exception cref="SettingsException">The text is not TOML, or no setting can hold it.</exception>
    public static IReadOnlyDictionary<string, TomlValue> Parse(string file, string text)
    {
        if (!TryParse(text, out var document, out var place))
        {
            // Tomlyn's own message repeats the text, which may be a password.
            throw Error("not TOML: put text in quotes, and write each key and table only once", place);
        }

        foreach (var node in document.Descendants())
        {
            if (Unsupported(node) is { } what)
            {
                throw Error($"{what} not supported here", node.Span.Start);
            }
        }

        return Pairs(document).ToDictionary(
            found => found.Key, found => new TomlValue(TextOf(found.Pair.Value!), $"{file}:{found.Pair.Span.Start.Line + 1}"));

        SettingsException Error(string what, TextPosition place) => new($"{file}:{place.Line + 1}, column {place.Column + 1}: {what}.");
    }

    /// <summary>Parses a text, and says where it stops being TOML.</summary>
    public static bool TryParse(string text, out DocumentSyntax document, out TextPosition error)
    {
        try
        {
            document = SyntaxParser.Parse(text);
            error = document.Diagnostics.FirstOrDefault(m => m.Kind == DiagnosticMessageKind.Error)?.Span.Start ?? default;
            return !document.HasErrors;
        }
        catch (Exception e) when (e is TomlException or ArgumentOutOfRangeException)
        {
            // Tomlyn names no place for brackets nested more than 64 deep, and for a backslash in quotes that ends the file.
            document = new DocumentSyntax();
            error = new TextPosition(text.Length, text.Count(c => c == '\n'), text.Length - text.LastIndexOf('\n') - 1);
            return false;
        }
    }

    /// <summary>The keys of a document with their dotted names; those of an inline table are named one by one.</summary>
    public static IEnumerable<(string Key, KeyValueSyntax Pair)> Pairs(DocumentSyntax document) =>
        Pairs("", document.KeyValues).Concat(document.Tables.SelectMany(table => Pairs(NameOf(table.Name!) + ".", table.Items)));

    /// <summary>A key without its quotes.</summary>
    public static string NameOf(KeySyntax key) => string.Join('.', PartsOf(key));

    private static IEnumerable<(string Key, KeyValueSyntax Pair)> Pairs(string table, IEnumerable<KeyValueSyntax> pairs) =>
        pairs.SelectMany(pair => pair.Value is InlineTableSyntax inline
            ? Pairs(table + NameOf(pair.Key!) + ".", inline.Items.Select(item => item.KeyValue!))
            : [(table + NameOf(pair.Key!), pair)]);

    private static IEnumerable<string> PartsOf(KeySyntax key) => key.DotKeys.Select(dotted => dotted.Key!).Prepend(key.Key!)
        .Select(part => part is StringValueSyntax quoted ? quoted.Value! : ((BareKeySyntax)part).Key!.Text!);

    private static string? Unsupported(SyntaxNodeBase node) => node switch
    {
        TableArraySyntax => "arrays of tables are",
        KeySyntax key when PartsOf(key).Any(part => part.Contains('.', StringComparison.Ordinal)) => "a dot in quotes in a key is",
        ArraySyntax { Parent: ArrayItemSyntax } or InlineTableSyntax { Parent: ArrayItemSyntax } => "arrays and tables in arrays are",
        StringValueSyntax { Parent: ArrayItemSyntax, Value: var entry } when entry!.Contains(',', StringComparison.Ordinal) =>
            "a comma in an entry is",
        DateTimeValueSyntax or IntegerValueSyntax { Token.TokenKind: not TokenKind.Integer } => "dates, times, hex, octal and binary are",
        _ => null,
    };

    private static string TextOf(ValueSyntax value) => value switch
    {
        StringValueSyntax text => text.Value!,
        ArraySyntax array => string.Join(',', array.Items.Select(item => TextOf(item.Value!))),
        BooleanValueSyntax { Token.Text: var word } => word!,
        IntegerValueSyntax { Token.Text: var digits } => digits!.Replace("_", "", StringComparison.Ordinal),
        FloatValueSyntax { Token.Text: var digits } => digits!.Replace("_", "", StringComparison.Ordinal),
        _ => throw new ArgumentException($"A {value.Kind} is not supported.", nameof(value)),
    };
}
