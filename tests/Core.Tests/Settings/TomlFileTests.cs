using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class TomlFileTests
{
    [Fact]
    public void Values_are_read_by_key_with_their_places()
    {
        var values = TomlFile.Parse(
            ".env.toml",
            """
            # a comment
            host = "mail.example.com" # another

            [alerts]
              threshold = 800
            [consumer]
            window=5
            """);

        Assert.Equal(
            [
                new("host", new TomlValue("mail.example.com", ".env.toml:2")),
                new("alerts.threshold", new TomlValue("800", ".env.toml:5")),
                new("consumer.window", new TomlValue("5", ".env.toml:7")),
            ],
            values.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("   \t")]
    [InlineData("# only a comment")]
    [InlineData("[alerts]")]
    [InlineData("[ alerts ] # a table\n")]
    public void A_file_may_be_empty(string text) => Assert.Empty(TomlFile.Parse("f.toml", text));

    [Theory]
    [InlineData("800", "800")]
    [InlineData("+800", "+800")]
    [InlineData("-1", "-1")]
    [InlineData("0", "0")]
    [InlineData("1_000_000", "1000000")]
    [InlineData("0.25", "0.25")]
    [InlineData("1_000.5", "1000.5")]
    [InlineData("1e3", "1e3")]
    [InlineData("1.5E-05", "1.5E-05")]
    [InlineData("-0", "-0")]
    [InlineData("+0.0", "+0.0")]
    [InlineData("1e06", "1e06")]
    [InlineData("-2E-2", "-2E-2")]
    [InlineData("1e1_0", "1e10")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("\"\"", "")]
    [InlineData("''", "")]
    [InlineData("\"a # b = [c]\"", "a # b = [c]")]
    [InlineData("\"tab\tin it\"", "tab\tin it")]
    [InlineData("'C:\\logs\\new'", "C:\\logs\\new")]
    [InlineData("'say \"hi\"'", "say \"hi\"")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("\"Zoë 🦜\"", "Zoë 🦜")]
    [InlineData("\"\\b\\t\\n\\f\\r\\\"\\\\\"", "\b\t\n\f\r\"\\")]
    [InlineData("\"\\u00e9\\U0001F99C\"", "é🦜")]
    [InlineData("\"\\u0000\\u001b\"", "\0\u001b")]
    [InlineData("\"a\u0085b\"", "a\u0085b")]
    [InlineData("'\\u00e9'", "\\u00e9")]
    [InlineData("[]", "")]
    [InlineData("[\n]", "")]
    [InlineData("[\"art\"]", "art")]
    [InlineData("[ \"art\" , 'toys' ]", "art,toys")]
    [InlineData("[1, 2.5, true,]", "1,2.5,true")]
    [InlineData("[ # the items\n  \"art\", # one\n\n  \"toys\"\n]", "art,toys")]
    [InlineData("[\r\n\t'art'\r\n\t, 'toys', # two\r\n]", "art,toys")]
    public void A_value_means_what_TOML_says(string toml, string text)
    {
        var values = TomlFile.Parse("f.toml", $"key = {toml} # and a comment\nnext = 1");

        Assert.Equal(text, values["key"].Text);
        Assert.Equal("1", values["next"].Text);
    }

    [Theory]
    [InlineData("bare-key_9")]
    [InlineData("\"quoted key\"")]
    [InlineData("'literal key'")]
    [InlineData("1234")]
    public void A_key_may_be_bare_or_quoted(string key) =>
        Assert.Equal([key.Trim('"', '\'')], TomlFile.Parse("f.toml", $"{key} = 1").Keys);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_line_ends_with_a_line_feed_with_or_without_a_carriage_return(string end)
    {
        var values = TomlFile.Parse("f.toml", $"one = 1{end}{end}two = 2{end}");

        Assert.Equal(new TomlValue("1", "f.toml:1"), values["one"]);
        Assert.Equal(new TomlValue("2", "f.toml:3"), values["two"]);
    }

    [Fact]
    public void Keys_differ_by_case_but_not_by_quotes() =>
        Assert.Equal(["Key", "key", "", "a.true", "a.5"], TomlFile.Parse("f.toml", "Key=1\n'key'=2\n\"\"=3\n['a']\ntrue=4\n5=5").Keys);

    [Fact]
    public void A_key_may_be_written_with_escapes() =>
        Assert.Equal(["é\"b"], TomlFile.Parse("f.toml", "\"\\u00e9\\\"b\" = 1").Keys);

    [Fact]
    public void Blanks_are_optional() =>
        Assert.Equal(["a", "b.c"], TomlFile.Parse("f.toml", "a=1#one\n[b]#two\nc='3'#three").Keys);

    [Theory]
    [InlineData('\u0085')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    public void A_line_separator_of_Unicode_does_not_end_a_comment(char separator) =>
        Assert.Empty(TomlFile.Parse("f.toml", $"# a comment{separator}threshold = 1"));

    [Fact]
    public void A_text_may_hold_a_line_separator_of_Unicode() =>
        Assert.Equal("a\u2028b", TomlFile.Parse("f.toml", "key = \"a\u2028b\"")["key"].Text);

    [Theory]
    [InlineData("a.b = 1", "a.b", "1")]
    [InlineData("a . 'b' = 1", "a.b", "1")]
    [InlineData("[a.b]\nc = 1", "a.b.c", "1")]
    [InlineData("a = {b = 1}", "a.b", "1")]
    [InlineData("a = {b = {c = 1}}", "a.b.c", "1")]
    [InlineData("a = \"\"\"\nb\"\"\"", "a", "b")]
    [InlineData("a = '''b'c'''", "a", "b'c")]
    [InlineData("a = nan", "a", "nan")]
    [InlineData("a = -inf", "a", "-inf")]
    public void Dotted_keys_inline_tables_and_all_forms_of_text_are_read(string text, string key, string value)
    {
        var only = Assert.Single(TomlFile.Parse("f.toml", text));

        Assert.Equal((key, value), (only.Key, only.Value.Text));
    }

    [Fact]
    public void A_value_in_an_inline_table_has_its_own_line() =>
        Assert.Equal(new TomlValue("1", "f.toml:2"), TomlFile.Parse("f.toml", "\na = {b = 1}")["a.b"]);
}
