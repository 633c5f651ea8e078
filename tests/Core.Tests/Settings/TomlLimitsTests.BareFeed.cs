using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

/// <summary>The words in which our own reader refuses what is not TOML, and what of TOML it does not take.</summary>
public sealed class TomlLimitsTests
{
    private const string NoValue = "not TOML: expected a value; a text stands in quotes";
    private const string NoDottedKeys = "dotted keys are not supported here: use a [table]";
    private const string OverLines = "texts over several lines are not supported here: use escapes";

    [Theory]
    [InlineData("key", 1, 4, "not TOML: expected '='")]
    [InlineData("key 1", 1, 5, "not TOML: expected '='")]
    [InlineData("one = 1\n= 2", 2, 1, "not TOML: expected a key")]
    [InlineData("schlüssel = 1", 1, 5, "not TOML: expected '='")]
    [InlineData("one = 1\n\0", 2, 1, "not TOML: expected a key")]
    [InlineData("one = 1 two = 2", 1, 9, "not TOML: expected the end of the line")]
    [InlineData("[table\n]", 1, 7, "not TOML: expected ']'")]
    [InlineData("[\n", 1, 2, "not TOML: expected a key")]
    [InlineData("[a]\n[b]\n[ a ]", 3, 3, "not TOML: table [a] appears twice")]
    [InlineData("a = 1\n[a]", 2, 2, "not TOML: a is a key already, and no table")]
    [InlineData("[a]\none = 1\n'one' = 2", 3, 1, "not TOML: a.one appears twice")]
    [InlineData("key = art", 1, 7, NoValue)]
    [InlineData("key = ", 1, 7, NoValue)]
    [InlineData("key = [1,,2]", 1, 10, NoValue)]
    [InlineData("key = [1,\r\n  art]", 2, 3, NoValue)]
    [InlineData("key = [1 2]", 1, 10, "not TOML: expected ','")]
    [InlineData("key = \"text\nmore\"", 1, 7, "not TOML: the text is not closed on its line")]
    [InlineData("key = \"a\u001bb\"", 1, 9, "not TOML: a control character stands in the text: write it as an escape")]
    [InlineData("key = 1 # a\rb", 1, 12, "not TOML: a control character stands in the comment")]
    [InlineData("key = \"C:\\logs\"", 1, 10, "not TOML: no such escape; a backslash is written \\\\")]
    [InlineData("key = \"\\ud800\"", 1, 8, "not TOML: no such Unicode character")]
    [InlineData("[[table]]", 1, 2, "arrays of tables are not supported here")]
    [InlineData("[a.b]", 1, 3, NoDottedKeys)]
    [InlineData("[ a . b ]", 1, 5, NoDottedKeys)]
    [InlineData("a.b = 1", 1, 2, NoDottedKeys)]
    [InlineData("a . b = 1", 1, 3, NoDottedKeys)]
    [InlineData("'a'.'b' = 1", 1, 4, NoDottedKeys)]
    [InlineData("3.14 = 1", 1, 2, NoDottedKeys)]
    [InlineData("key = {a = 1}", 1, 7, "inline tables are not supported here: use a [table]")]
    [InlineData("key = [{a = 1}]", 1, 8, "inline tables are not supported here: use a [table]")]
    [InlineData("key = [[1]]", 1, 8, "arrays in arrays are not supported here")]
    [InlineData("key = \"\"\"\ntext\"\"\"", 1, 7, OverLines)]
    [InlineData("key = \"\"\"\"\"\"", 1, 7, OverLines)]
    [InlineData("key = '''text'''", 1, 7, OverLines)]
    [InlineData("key = ['''text''']", 1, 8, OverLines)]
    public void A_refusal_names_line_and_column_and_the_reason(string text, int line, int column, string what) =>
        Assert.Equal($"f.toml:{line}, column {column}: {what}.", Refusal(text));

    [Theory]
    [InlineData("nan")]
    [InlineData("+inf")]
    [InlineData("-inf")]
    [InlineData("0x1F")]
    [InlineData("0xdead_BEEF")]
    [InlineData("0o7")]
    [InlineData("0b1")]
    [InlineData("2024-06-12")]
    [InlineData("2024-06-12 03:56:06")]
    [InlineData("2024-06-12T03:56:06.410536")]
    [InlineData("2024-06-12T03:56:06Z")]
    [InlineData("2024-06-12t03:56:06-07:00")]
    [InlineData("03:56:06")]
    [InlineData("23:59:60.5")]
    public void A_value_that_no_setting_has_is_told_from_none(string word) =>
        Assert.Equal(
            "f.toml:2, column 7: dates, times, inf, nan, hex, octal and binary are not supported here.", Refusal($"\nkey = {word}"));

    private static string Refusal(string text) =>
        Assert.Throws<SettingsException>(() => TomlFile.Parse("f.toml", text)).Message;
}
