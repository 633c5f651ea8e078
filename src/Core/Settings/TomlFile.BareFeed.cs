using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// The part of TOML 1.0 that settings need: comments, <c>[tables]</c>, bare and quoted keys, strings on one line, decimal
/// integers and floats, booleans, and arrays of those. What it accepts means what TOML says; anything else is an error that
/// names file, line and column: "not TOML", or "not supported here" where TOML has more to offer.
/// </summary>
internal sealed partial class TomlFile
{
    private const string Date = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
    private const string Time = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]+)?";
    private const string Offset = "[Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]";

    private readonly string _file;
    private readonly string _text;
    private readonly Dictionary<string, TomlValue> _values = [];
    private readonly HashSet<string> _tables = [];
    private int _at;

    private TomlFile(string file, string text) => (_file, _text) = (file, text);

    /// <summary>Reads a file's text.</summary>
    /// <returns>The values by dotted key, as in <c>alerts.threshold</c>.</returns>
    public static IReadOnlyDictionary<string, TomlValue> Parse(string file, string text)
    {
        var toml = new TomlFile(file, text.Replace("\r\n", "\n", StringComparison.Ordinal));
        toml.ReadDocument();
        return toml._values;
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private void ReadDocument()
    {
        var table = "";
        for (SkipBlankLines(); _at < _text.Length; SkipBlankLines())
        {
            if (Next == '[')
            {
                table = ReadTable();
            }
            else
            {
                ReadPair(table);
            }

            SkipBlanks();
            SkipComment();
            if (_at < _text.Length && Next != '\n')
            {
                throw NotToml("expected the end of the line");
            }
        }
    }

    private string ReadTable()
    {
        Take('[');
        if (Next == '[')
        {
            throw NotSupported("arrays of tables are");
        }

        SkipBlanks();
        var start = _at;
        var name = ReadKey();
        Take(']');
        return _values.ContainsKey(name) ? throw NotToml($"{name} is a key already, and no table", start)
            : _tables.Add(name) ? name + "."
            : throw NotToml($"table [{name}] appears twice", start);
    }

    private void ReadPair(string table)
    {
        var start = _at;
        var key = table + ReadKey();
        Take('=');
        SkipBlanks();
        var text = ReadValue();
        if (!_values.TryAdd(key, new TomlValue(text, $"{_file}:{LineOf(start)}")))
        {
            throw NotToml($"{key} appears twice", start);
        }
    }

    /// <summary>Reads a key and the blanks after it.</summary>
    private string ReadKey()
    {
        var start = _at;
        var key = Next is '"' or '\'' ? ReadString() : ReadBareKey();
        SkipBlanks();
        return Next == '.' ? throw NotSupported("dotted keys are", "use a [table]")
            : key.Contains('.', StringComparison.Ordinal) ? throw NotSupported("a dot in a key is", "use a [table]", start)
            : key;
    }

    private string ReadBareKey()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Next) || Next is '_' or '-')
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw NotToml("expected a key");
    }

    private string ReadValue() => Next switch
    {
        '"' or '\'' when Follows(new string(Next, 3)) => throw NotSupported("texts over several lines are", "use escapes"),
        '"' or '\'' => ReadString(),
        '[' => ReadArray(),
        '{' => throw NotSupported("inline tables are", "use a [table]"),
        _ => ReadWord(),
    };

    private string ReadArray()
    {
        Take('[');
        var values = new List<string>();
        for (SkipBlankLines(); Next != ']'; SkipBlankLines())
        {
            var start = _at;
            var value = Next == '[' ? throw NotSupported("arrays in arrays are") : ReadValue();
            values.Add(value.Contains(',', StringComparison.Ordinal) ? throw NotSupported("a comma in an entry is", place: start) : value);
            SkipBlankLines();
            if (Next != ']')
            {
                Take(',');
            }
        }

        Take(']');
        return string.Join(',', values);
    }

    private string ReadWord()
    {
        var start = _at;
        while (Next is not ('\0' or '\n' or '\t' or ' ' or '#' or ',' or ']'))
        {
            _at++;
        }

        var word = _text[start.._at];
        return word is "true" or "false" ? word
            : Number().IsMatch(word) ? word.Replace("_", "", StringComparison.Ordinal)
            : OtherValue().IsMatch(word) ? throw NotSupported("dates, times, inf, nan, hex, octal and binary are", place: start)
            : throw NotToml("expected a value; a text stands in quotes", start);
    }

    /// <summary>A decimal integer or float: no zero in front, and an underscore only between digits.</summary>
    [GeneratedRegex(@"^[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?\z")]
    private static partial Regex Number();

    /// <summary>What else may stand without quotes in TOML.</summary>
    [GeneratedRegex(
        $@"^([+-]?(inf|nan)|0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*|{Date}|{Time}|{Date}[Tt]{Time}({Offset})?)\z")]
    private static partial Regex OtherValue();

    private string ReadString()
    {
        var quote = Next;
        var start = _at++;
        var text = new StringBuilder();
        while (Next != quote)
        {
            if (Next is '\n' || _at >= _text.Length)
            {
                throw NotToml("the text is not closed on its line", start);
            }

            if (IsControl(Next))
            {
                throw NotToml("a control character stands in the text: write it as an escape");
            }

            if (Next == '\\' && quote == '"')
            {
                text.Append(ReadEscape());
            }
            else
            {
                text.Append(_text[_at++]);
            }
        }

        Take(quote);
        return text.ToString();
    }

    private string ReadEscape()
    {
        var start = _at++;
        var c = Next;
        _at++;
        return c switch
        {
            '"' => "\"",
            '\\' => "\\",
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'u' => ReadCodePoint(4, start),
            'U' => ReadCodePoint(8, start),
            _ => throw NotToml("no such escape; a backslash is written \\\\", start),
        };
    }

    private string ReadCodePoint(int length, int start)
    {
        if (_at + length > _text.Length ||
            !uint.TryParse(_text.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ||
            !Rune.IsValid(code))
        {
            throw NotToml("no such Unicode character", start);
        }

        _at += length;
        return new Rune(code).ToString();
    }

    private void SkipBlanks()
    {
        while (Next is ' ' or '\t')
        {
            _at++;
        }
    }

    private void SkipComment()
    {
        if (Next == '#')
        {
            while (_at < _text.Length && Next != '\n')
            {
                if (IsControl(Next))
                {
                    throw NotToml("a control character stands in the comment");
                }

                _at++;
            }
        }
    }

    private void SkipBlankLines()
    {
        for (var before = -1; before != _at;)
        {
            before = _at;
            SkipBlanks();
            SkipComment();
            if (Next == '\n')
            {
                _at++;
            }
        }
    }

    private void Take(char expected)
    {
        if (Next != expected)
        {
            throw NotToml($"expected '{expected}'");
        }

        _at++;
    }

    private bool Follows(string text) => _text.AsSpan(_at).StartsWith(text, StringComparison.Ordinal);

    /// <summary>Whether TOML forbids it in comments and texts; Unicode knows more control characters.</summary>
    private static bool IsControl(char c) => c is < ' ' and not '\t' or '\u007f';

    private int LineOf(int place) => 1 + _text.AsSpan(0, place).Count('\n');

    private SettingsException NotToml(string what, int? place = null) => Error($"not TOML: {what}", place);

    private SettingsException NotSupported(string what, string? instead = null, int? place = null) =>
        Error($"{what} not supported here{(instead is null ? "" : $": {instead}")}", place);

    private SettingsException Error(string what, int? where)
    {
        var place = where ?? _at;
        return new SettingsException($"{_file}:{LineOf(place)}, column {place - _text.AsSpan(0, place).LastIndexOf('\n')}: {what}.");
    }
}
