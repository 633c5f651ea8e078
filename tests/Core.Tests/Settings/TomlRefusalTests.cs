using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class TomlRefusalTests
{
    private const string NoValue = "not a value TOML knows here: a text stands in quotes";

    [Theory]
    [InlineData("key", 1, 4, "expected '='")]
    [InlineData("key 1", 1, 5, "expected '='")]
    [InlineData("one = 1\nkey\ntwo = 2", 2, 4, "expected '='")]
    [InlineData("= 1", 1, 1, "expected a key")]
    [InlineData("one = 1\n= 2", 2, 1, "expected a key")]
    [InlineData("one = 1\n\n] = 2", 3, 1, "expected a key")]
    [InlineData("schlüssel = 1", 1, 5, "expected '='")]
    [InlineData("one = 1\n\0", 2, 1, "expected a key")]
    [InlineData("one = 1 two = 2", 1, 9, "expected the end of the line")]
    [InlineData("one = \"1\"x", 1, 10, "expected the end of the line")]
    [InlineData("[table] one = 1", 1, 9, "expected the end of the line")]
    [InlineData("[table", 1, 7, "expected ']'")]
    [InlineData("[table\n]", 1, 7, "expected ']'")]
    [InlineData("[]", 1, 2, "expected a key")]
    [InlineData("[\n", 1, 2, "expected a key")]
    [InlineData("[[table]]", 1, 2, "arrays of tables are not supported here")]
    [InlineData("[a.b]", 1, 3, "dotted keys are not supported here: use a [table]")]
    [InlineData("a.b = 1", 1, 2, "dotted keys are not supported here: use a [table]")]
    [InlineData("[a]\n[b]\n[ a ]", 3, 3, "table [a] appears twice")]
    [InlineData("one = 1\none = 2", 2, 1, "one appears twice")]
    [InlineData("[a]\none = 1\n'one' = 2", 3, 1, "a.one appears twice")]
    [InlineData("key = {a = 1}", 1, 7, "inline tables are not supported here: use a [table]")]
    [InlineData("key = [[1]]", 1, 8, "arrays in arrays are not supported here")]
    [InlineData("key = [1 2]", 1, 10, "expected ','")]
    [InlineData("key = [1,,2]", 1, 10, NoValue)]
    [InlineData("key = [1,", 1, 10, NoValue)]
    [InlineData("key = [1", 1, 9, "expected ','")]
    [InlineData("key = [1,\n  art]", 2, 3, NoValue)]
    [InlineData("key = [\nart]", 2, 1, NoValue)]
    [InlineData("key = \"\"\"text\"\"\"", 1, 7, "texts over several lines are not supported here")]
    [InlineData("key = '''text'''", 1, 7, "texts over several lines are not supported here")]
    [InlineData("key = \"text", 1, 7, "the text is not closed on its line")]
    [InlineData("key = \"text\nmore\"", 1, 7, "the text is not closed on its line")]
    [InlineData("key = 'text\"", 1, 7, "the text is not closed on its line")]
    [InlineData("one = 1\n\"key = 1", 2, 1, "the text is not closed on its line")]
    [InlineData("key = \"a\eb\"", 1, 9, "a control character stands in the text: write it as an escape")]
    [InlineData("key = \"a\0b\"", 1, 9, "a control character stands in the text: write it as an escape")]
    [InlineData("key = 'a\u007f'", 1, 9, "a control character stands in the text: write it as an escape")]
    [InlineData("key = \"a\\x41\"", 1, 9, "not an escape TOML knows; a backslash is written \\\\")]
    [InlineData("key = \"C:\\logs\"", 1, 10, "not an escape TOML knows; a backslash is written \\\\")]
    [InlineData("key = \"\\", 1, 8, "not an escape TOML knows; a backslash is written \\\\")]
    [InlineData("key = \"\\u12\"", 1, 8, "not a Unicode character")]
    [InlineData("key = \"\\ud800\"", 1, 8, "not a Unicode character")]
    [InlineData("key = \"\\U00110000\"", 1, 8, "not a Unicode character")]
    [InlineData("key = \"\\u 041\"", 1, 8, "not a Unicode character")]
    public void What_it_does_not_know_is_refused_with_line_and_column(string text, int line, int column, string what) =>
        Assert.Equal($"f.toml:{line}, column {column}: {what}.", Refusal(text));

    [Theory]
    [InlineData("")]
    [InlineData("art")]
    [InlineData("True")]
    [InlineData("yes")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("0x1F")]
    [InlineData("0o7")]
    [InlineData("0b1")]
    [InlineData("007")]
    [InlineData("-01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData("1_")]
    [InlineData("_1")]
    [InlineData("1__0")]
    [InlineData("1._5")]
    [InlineData("1_.5")]
    [InlineData("1_e5")]
    [InlineData("2024-06-12")]
    [InlineData("2024-06-12T03:56:06Z")]
    [InlineData("03:56:06")]
    public void A_word_that_is_no_value_is_refused(string word) =>
        Assert.Equal($"f.toml:2, column 7: {NoValue}.", Refusal($"\nkey = {word}"));

    [Theory]
    [InlineData("# a comment\rthreshold = 1")]
    [InlineData("one = 1\rtwo = 2")]
    [InlineData("# a comment\fthreshold = 1")]
    [InlineData("one = 1\ftwo = 2")]
    [InlineData("# a comment\u0085threshold = 1")]
    [InlineData("# a comment\0")]
    public void A_control_character_is_no_line_end(string text) =>
        Assert.StartsWith("f.toml:1, column ", Refusal(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"alerts.threshold\" = 900")]
    [InlineData("'alerts.threshold' = 900")]
    [InlineData("['alerts.x']")]
    public void A_dot_in_a_quoted_key_is_refused_for_it_is_no_table(string text) =>
        Assert.StartsWith("f.toml:1, column ", Refusal(text), StringComparison.Ordinal);

    private static string Refusal(string text) =>
        Assert.Throws<SettingsException>(() => TomlFile.Parse("f.toml", text)).Message;
}
