using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

/// <summary>What Tomlyn takes beyond our own reader, and what even then is no setting.</summary>
public sealed class TomlLimitsTests
{
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
    public void All_of_TOML_that_can_be_a_setting_is_read(string text, string key, string value)
    {
        var only = Assert.Single(TomlFile.Parse("f.toml", text));

        Assert.Equal((key, value), (only.Key, only.Value.Text));
    }

    [Fact]
    public void A_value_in_an_inline_table_has_its_own_line() =>
        Assert.Equal(new TomlValue("1", "f.toml:2"), TomlFile.Parse("f.toml", "\na = {b = 1}")["a.b"]);

    [Fact]
    public void Brackets_without_end_are_refused() =>
        Assert.Matches(
            @"^f\.toml:2, column [0-9]+: not TOML: ",
            Assert.Throws<SettingsException>(() => TomlFile.Parse("f.toml", "\nkey = " + new string('[', 100_000))).Message);

    [Theory]
    [InlineData("\n[[table]]", "arrays of tables are")]
    [InlineData("\nkey = [[1]]", "arrays and tables in arrays are")]
    [InlineData("\nkey = [{a = 1}]", "arrays and tables in arrays are")]
    [InlineData("\nkey = ['a,b']", "a comma in an entry is")]
    [InlineData("\n'alerts.threshold' = 900", "a dot in quotes in a key is")]
    [InlineData("\nkey = 2024-06-12", "dates, times, hex, octal and binary are")]
    [InlineData("\nkey = 0x1F", "dates, times, hex, octal and binary are")]
    public void What_no_setting_can_be_is_refused(string text, string what) =>
        Assert.Matches(
            $"^f\\.toml:2, column [0-9]+: {what} not supported here\\.$",
            Assert.Throws<SettingsException>(() => TomlFile.Parse("f.toml", text)).Message);
}
