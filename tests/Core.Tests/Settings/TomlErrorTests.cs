using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

/// <summary>An error names its place and shows nothing of the text, which may be a password.</summary>
public sealed class TomlErrorTests
{
    [Theory]
    [InlineData("key", 1)]
    [InlineData("key 1", 1)]
    [InlineData("one = 1\nkey\ntwo = 2", 2)]
    [InlineData("key =", 1)]
    [InlineData("key = # a comment", 1)]
    [InlineData("one = 1\nkey =\n1", 2)]
    [InlineData("key\n= 1", 1)]
    [InlineData("= 1", 1)]
    [InlineData("one = 1\n= 2", 2)]
    [InlineData("one = 1\n\n] = 2", 3)]
    [InlineData("schlüssel = 1", 1)]
    [InlineData("\"\"\"key\"\"\" = 1", 1)]
    [InlineData("\"k\\q\" = 1", 1)]
    [InlineData("one = 1\n\"key = 1", 2)]
    [InlineData("one = 1\n\0", 2)]
    [InlineData("one = 1\n\ufefftwo = 2", 2)]
    [InlineData("one = 1\n\u00a0two = 2", 2)]
    [InlineData("one = 1 two = 2", 1)]
    [InlineData("one = 1, two = 2", 1)]
    [InlineData("one = \"1\"x", 1)]
    [InlineData("one = \"1\" \"2\"", 1)]
    [InlineData("[table] one = 1", 1)]
    [InlineData("[table]]", 1)]
    [InlineData("[table\n]", 1)]
    [InlineData("[]", 1)]
    [InlineData("[ ]", 1)]
    [InlineData("[a]\n[b]\n[ a ]", 3)]
    [InlineData("[a]\n[b]\n[\"a\"]", 3)]
    [InlineData("a = 1\n[a]", 2)]
    [InlineData("one = 1\none = 2", 2)]
    [InlineData("one = 1\none = 1", 2)]
    [InlineData("[a]\none = 1\n'one' = 2", 3)]
    [InlineData("\"\" = 1\n'' = 2", 2)]
    public void A_line_must_hold_one_new_key_or_table(string text, int line) => AssertNotToml(text, line);

    [Theory]
    [InlineData("art")]
    [InlineData("True")]
    [InlineData("TRUE")]
    [InlineData("yes")]
    [InlineData("truefalse")]
    [InlineData("Inf")]
    [InlineData("NaN")]
    [InlineData("+true")]
    [InlineData("007")]
    [InlineData("-01")]
    [InlineData("+00")]
    [InlineData("00.5")]
    [InlineData("1.")]
    [InlineData("+1.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("1.e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e1.5")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("+-1")]
    [InlineData("1_")]
    [InlineData("_1")]
    [InlineData("+_1")]
    [InlineData("1__0")]
    [InlineData("0_1")]
    [InlineData("1._5")]
    [InlineData("1_.5")]
    [InlineData("1_e5")]
    [InlineData("1e_5")]
    [InlineData("1 000")]
    [InlineData("1,5")]
    [InlineData("1\u0660")]
    [InlineData("\uff11")]
    [InlineData("0x")]
    [InlineData("0xG")]
    [InlineData("0X1F")]
    [InlineData("+0x1F")]
    [InlineData("0x_1")]
    [InlineData("0o8")]
    [InlineData("0b2")]
    [InlineData("2024-13-12")]
    [InlineData("2024-6-12")]
    [InlineData("24:00:00")]
    [InlineData("$")]
    [InlineData("(1)")]
    public void A_value_must_be_one_of_TOML(string word) => AssertNotToml($"\nkey = {word}", 2);

    [Theory]
    [InlineData("[1 2]", 1)]
    [InlineData("[1,,2]", 1)]
    [InlineData("[,]", 1)]
    [InlineData("[,1]", 1)]
    [InlineData("[1", 1)]
    [InlineData("[1}", 1)]
    [InlineData("[1,\n  art]", 2)]
    [InlineData("[\nart]", 2)]
    [InlineData("[1]]", 1)]
    [InlineData("[one = 1]", 1)]
    [InlineData("]", 1)]
    public void An_array_must_be_well_formed(string array, int line) => AssertNotToml($"key = {array}", line);

    [Theory]
    [InlineData("\"text")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("\"text\nmore\"")]
    [InlineData("'text\nmore'")]
    [InlineData("\"text\r\nmore\"")]
    [InlineData("'text\"")]
    [InlineData("'it\\'s'")]
    [InlineData("\"a\u001bb\"")]
    [InlineData("\"a\0b\"")]
    [InlineData("\"a\rb\"")]
    [InlineData("'a\u007f'")]
    [InlineData("\"\\x4\"")]
    [InlineData("\"\\q\"")]
    [InlineData("\"\\'\"")]
    [InlineData("\"\\U\"")]
    [InlineData("\"C:\\logs\"")]
    [InlineData("\"\\")]
    [InlineData("\"\\\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ud83e\\udd9c\"")]
    [InlineData("\"\\U00110000\"")]
    [InlineData("\"\\u 041\"")]
    [InlineData("\"\\u+041\"")]
    public void A_text_must_be_well_formed(string text) => AssertNotToml($"key = {text}", 1);

    [Theory]
    [InlineData("# a comment\rthreshold = 1")]
    [InlineData("one = 1\rtwo = 2")]
    [InlineData("one = 1\r\r\ntwo = 2")]
    [InlineData("# a comment\fthreshold = 1")]
    [InlineData("one = 1\ftwo = 2")]
    [InlineData("one = 1\u0085two = 2")]
    [InlineData("one = 1\u2028two = 2")]
    [InlineData("# a comment\0")]
    [InlineData("# a comment\u007f")]
    [InlineData("one = 1\0")]
    public void A_control_character_is_refused(string text) => AssertNotToml(text, 1);

    [Theory]
    [InlineData("password = hunter2")]
    [InlineData("password = \"hunter2")]
    [InlineData("password = 'hunter2' hunter2")]
    [InlineData("password = [\"hunter2\" \"hunter2\"]")]
    [InlineData("password = \"hunter2\"\npassword = \"hunter2\"")]
    [InlineData("password = \"hunter2\"\n[password]")]
    public void An_error_does_not_show_a_password(string text) =>
        Assert.DoesNotContain("hunter2", ErrorOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.b = 1\na = 2", 2)]
    [InlineData("a = {b = 1}\na.c = 2", 2)]
    [InlineData("a = {b = 1}\n[a]", 2)]
    [InlineData("[a]\nb = 1\n[a.b]", 3)]
    [InlineData("a.b = 1\n[a]", 2)]
    public void A_key_is_a_value_or_a_table_and_written_once(string text, int line) => AssertNotToml(text, line);

    [Theory]
    [InlineData("99999999999999999999999")]
    [InlineData("-9223372036854775809")]
    public void A_whole_number_beyond_64_bits_is_no_TOML(string number) => AssertNotToml($"key = {number}", 1);

    [Theory]
    [InlineData("[")]
    [InlineData("{a=")]
    public void Nesting_without_end_is_refused(string nested) =>
        AssertNotToml("\nkey = " + string.Concat(Enumerable.Repeat(nested, 100_000)), 2);

    [Theory]
    [InlineData("\"\\")]
    [InlineData("\"\"\"\\")]
    [InlineData("\"\\u1")]
    [InlineData("[\"\\")]
    public void An_escape_that_the_file_ends_in_is_refused(string text) => AssertNotToml($"\nkey = {text}", 2);

    [Theory]
    [InlineData("\n[[table]]", "arrays of tables are")]
    [InlineData("\nkey = [[1]]", "arrays and tables in arrays are")]
    [InlineData("\nkey = [{a = 1}]", "arrays and tables in arrays are")]
    [InlineData("\nkey = ['a,b']", "a comma in an entry is")]
    [InlineData("\n'alerts.threshold' = 900", "a dot in quotes in a key is")]
    [InlineData("\nkey = 2024-06-12", "dates, times, hex, octal and binary are")]
    [InlineData("\nkey = 0x1F", "dates, times, hex, octal and binary are")]
    public void A_value_that_no_setting_can_hold_is_refused(string text, string what) =>
        Assert.Matches(
            $"^f\\.toml:2, column [0-9]+: {what} not supported here\\.$",
            ErrorOf(text));

    private static void AssertNotToml(string text, int line) =>
        Assert.Matches($"^f\\.toml:{line}, column [0-9]+: not TOML: [^`]+\\.$", ErrorOf(text));

    private static string ErrorOf(string text) =>
        Assert.Throws<SettingsException>(() => TomlFile.Parse("f.toml", text)).Message;
}
