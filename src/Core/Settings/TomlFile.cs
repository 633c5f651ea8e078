using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AuctionTracker.Core.Settings;

/// <summary>
/// The part of TOML 1.0 that settings need: comments, <c>[tables]</c>, bare and quoted keys, strings on one line, decimal
/// integers and floats, booleans, and arrays of those. What it accepts means what TOML says; anything else is an error that
/// names file, line and column.
/// </summary>
internal sealed partial class TomlFile
{
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
                throw Error("expected the end of the line");
            }
        }
    }

    private string ReadTable()
    {
        Take('[');
        if (Next == '[')
        {
            throw Error("arrays of tables are not supported here");
        }

        SkipBlanks();
        var start = _at;
        var name = ReadKey();
        SkipBlanks();
        Take(']');
        return _tables.Add(name) ? name + "." : throw Error($"table [{name}] appears twice", start);
    }

    private void ReadPair(string table)
    {
        var start = _at;
        var key = table + ReadKey();
        SkipBlanks();
        Take('=');
        SkipBlanks();
        var text = ReadValue();
        if (!_values.TryAdd(key, new TomlValue(text, $"{_file}:{LineOf(start)}")))
        {
            throw Error($"{key} appears twice", start);
        }
    }

    private string ReadKey()
    {
        if (Next is '"' or '\'')
        {
            var at = _at;
            var quoted = ReadString();
            return quoted.Contains('.', StringComparison.Ordinal) ? throw Error("dots in keys are not supported here: use a [table]", at) : quoted;
        }

        var start = _at;
        while (char.IsAsciiLetterOrDigit(Next) || Next is '_' or '-')
        {
            _at++;
        }

        if (_at == start)
        {
            throw Error("expected a key");
        }

        return Next == '.' ? throw Error("dotted keys are not supported here: use a [table]") : _text[start.._at];
    }

    private string ReadValue() => Next switch
    {
        '"' or '\'' => ReadString(),
        '[' => ReadArray(),
        '{' => throw Error("inline tables are not supported here: use a [table]"),
        _ => ReadWord(),
    };

    private string ReadArray()
    {
        Take('[');
        var values = new List<string>();
        for (SkipBlankLines(); Next != ']'; SkipBlankLines())
        {
            var start = _at;
            var value = Next == '[' ? throw Error("arrays in arrays are not supported here") : ReadValue();
            values.Add(value.Contains(',', StringComparison.Ordinal) ? throw Error("an entry with a comma is not supported here", start) : value);
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
            : throw Error("not a value TOML knows here: a text stands in quotes", start);
    }

    /// <summary>A decimal integer or float: no zero in front, and an underscore only between digits.</summary>
    [GeneratedRegex(@"^[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?\z")]
    private static partial Regex Number();

    private string ReadString()
    {
        var quote = Next;
        var start = _at++;
        if (Next == quote && _at + 1 < _text.Length && _text[_at + 1] == quote)
        {
            throw Error("texts over several lines are not supported here", start);
        }

        var text = new StringBuilder();
        while (Next != quote)
        {
            if (Next is '\n' || _at >= _text.Length)
            {
                throw Error("the text is not closed on its line", start);
            }

            if (char.IsControl(Next) && Next != '\t')
            {
                throw Error("a control character stands in the text: write it as an escape");
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
            _ => throw Error("not an escape TOML knows; a backslash is written \\\\", start),
        };
    }

    private string ReadCodePoint(int length, int start)
    {
        if (_at + length > _text.Length ||
            !uint.TryParse(_text.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ||
            !Rune.IsValid(code))
        {
            throw Error("not a Unicode character", start);
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
                if (char.IsControl(Next) && Next != '\t')
                {
                    throw Error("a control character stands in the comment");
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
        if (Next != expected || _at >= _text.Length)
        {
            throw Error($"expected '{expected}'");
        }

        _at++;
    }

    private int LineOf(int place) => 1 + _text.AsSpan(0, place).Count('\n');

    private SettingsException Error(string what) => Error(what, _at);

    private SettingsException Error(string what, int place)
    {
        var column = place - _text.LastIndexOf('\n', Math.Max(0, place - 1), Math.Max(0, place)) is var c && c > 0 ? c : 1;
        return new SettingsException($"{_file}:{LineOf(place)}, column {column}: {what}.");
    }
}

/// <summary>A value of a settings file.</summary>
/// <param name="Text">The value as text; the entries of an array are joined with commas.</param>
/// <param name="Place">File and line, as in <c>.env.toml:12</c>.</param>
internal readonly record struct TomlValue(string Text, string Place);
