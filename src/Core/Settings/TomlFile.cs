using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// A settings file, read by Tomlyn, which knows all of TOML 1.1. Values come from its syntax tree, for that has the lines, and the
/// numbers as they are written. What is not TOML, or no setting can be, is an error that names file, line and column.
/// </summary>
internal sealed class TomlFile
{
    private readonly string _file;
    private readonly Dictionary<string, TomlValue> _values = [];

    private TomlFile(string file) => _file = file;

    /// <summary>Reads a file's text.</summary>
    /// <returns>The values by dotted key, as in <c>alerts.threshold</c>.</returns>
    public static IReadOnlyDictionary<string, TomlValue> Parse(string file, string text)
    {
        var toml = new TomlFile(file);
        try
        {
            toml.Read(SyntaxParser.Parse(text));
            return toml._values;
        }
        catch (Exception e) when (e is TomlException or ArgumentOutOfRangeException)
        {
            // Brackets without end, or a backslash in quotes that ends the file: Tomlyn names no place.
            throw toml.NotToml(new TextPosition(text.Length, text.Count(c => c == '\n'), text.Length - text.LastIndexOf('\n') - 1));
        }
    }

    private void Read(DocumentSyntax document)
    {
        if (document.HasErrors)
        {
            throw NotToml(document.Diagnostics.First(m => m.Kind == DiagnosticMessageKind.Error).Span.Start);
        }

        ReadPairs(document.KeyValues, "");
        foreach (var table in document.Tables)
        {
            ReadPairs(table.Items, table is TableSyntax ? NameOf(table.Name!) + "." : throw NotSupported("arrays of tables are", table));
        }
    }

    private void ReadPairs(IEnumerable<KeyValueSyntax> pairs, string table)
    {
        foreach (var pair in pairs)
        {
            var key = table + NameOf(pair.Key!);
            if (pair.Value is InlineTableSyntax inline)
            {
                ReadPairs(inline.Items.Select(item => item.KeyValue!), key + ".");
            }
            else
            {
                _values.Add(key, new TomlValue(TextOf(pair.Value!), $"{_file}:{pair.Span.Start.Line + 1}"));
            }
        }
    }

    private string NameOf(KeySyntax key) => string.Join('.', key.DotKeys.Select(dotted => dotted.Key!).Prepend(key.Key!).Select(PartOf));

    private string PartOf(BareKeyOrStringValueSyntax part)
    {
        var name = part is StringValueSyntax quoted ? quoted.Value! : ((BareKeySyntax)part).Key!.Text!;
        return name.Contains('.', StringComparison.Ordinal) ? throw NotSupported("a dot in quotes in a key is", part) : name;
    }

    private string TextOf(ValueSyntax value) => value switch
    {
        StringValueSyntax text => text.Value!,
        ArraySyntax array => string.Join(',', array.Items.Select(item => EntryOf(item.Value!))),
        BooleanValueSyntax { Token.Text: var word } => word!,
        IntegerValueSyntax { Token: { TokenKind: TokenKind.Integer, Text: var digits } } => digits!.Replace("_", "", StringComparison.Ordinal),
        FloatValueSyntax { Token.Text: var digits } => digits!.Replace("_", "", StringComparison.Ordinal),
        _ => throw NotSupported("dates, times, hex, octal and binary are", value),
    };

    private string EntryOf(ValueSyntax entry)
    {
        var text = entry is ArraySyntax or InlineTableSyntax ? throw NotSupported("arrays and tables in arrays are", entry) : TextOf(entry);
        return text.Contains(',', StringComparison.Ordinal) ? throw NotSupported("a comma in an entry is", entry) : text;
    }

    /// <summary>Tomlyn's own message repeats what stands there, which may be a password.</summary>
    private SettingsException NotToml(TextPosition place) =>
        Error("not TOML: a text stands in quotes, and each key and table is written once", place);

    private SettingsException NotSupported(string what, SyntaxNode node) => Error($"{what} not supported here", node.Span.Start);

    private SettingsException Error(string what, TextPosition place) => new($"{_file}:{place.Line + 1}, column {place.Column + 1}: {what}.");
}
