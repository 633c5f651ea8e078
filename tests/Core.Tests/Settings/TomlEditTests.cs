using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class TomlEditTests
{
    [Theory]
    [InlineData("port = 1", "port = 2")]
    [InlineData("  port=1", "  port=2")]
    [InlineData("port = 1 # one", "port = 2 # one")]
    [InlineData("port = \"1 # \\\" one\" # one", "port = 2 # one")]
    [InlineData("port = '1 # one'", "port = 2")]
    [InlineData("\"port\" = 1", "\"port\" = 2")]
    [InlineData("port = [\"1\", \"3\"]", "port = 2")]
    [InlineData("# port = 1", "port = 2")]
    [InlineData("#port = 1 # one", "port = 2 # one")]
    [InlineData("# port = 3\nport = 1\n# port = 4", "# port = 3\nport = 2\n# port = 4")]
    [InlineData("port = 1\r\n# crlf\r\n", "port = 2\r\n# crlf\r\n")]
    [InlineData("", "port = 2\n")]
    [InlineData("host = 1", "host = 1\nport = 2\n")]
    [InlineData("# of ours\r\n", "# of ours\r\nport = 2\r\n")]
    [InlineData("# port = is the port, or so", "# port = is the port, or so\nport = 2\n")]
    [InlineData("# head\n\n# a table\n[a]\nport = 1\n", "# head\nport = 2\n\n# a table\n[a]\nport = 1\n")]
    [InlineData("[a]\n", "port = 2\n\n[a]\n")]
    public void A_key_on_top_is_set_and_nothing_else(string text, string expected) => Assert.Equal(expected, TomlEdit.Set(text, "port", "2"));

    [Theory]
    [InlineData("port = 1\n[a]\nport = 1\n[b]\nport = 1\n", "port = 1\n[a]\nport = 2\n[b]\nport = 1\n")]
    [InlineData("[ a ] # a\n# port = 1\n", "[ a ] # a\nport = 2\n")]
    [InlineData("[a]\n[b]\nport = 1\n", "[a]\nport = 2\n[b]\nport = 1\n")]
    [InlineData("[a]", "[a]\nport = 2\n")]
    [InlineData("port = 1", "port = 1\n\n[a]\nport = 2\n")]
    public void A_key_of_a_table_is_set_in_its_table(string text, string expected) => Assert.Equal(expected, TomlEdit.Set(text, "a.port", "2"));

    [Theory]
    [InlineData("port = 1 # one", true, "# port = 1 # one")]
    [InlineData("port = \"secret\" # one", false, "# port = \"\" # one")]
    [InlineData("# port = 1", true, "# port = 1")]
    [InlineData("host = 1", true, "host = 1")]
    public void A_key_is_commented_out_with_or_without_its_value(string text, bool keepValue, string expected) =>
        Assert.Equal(expected, TomlEdit.Unset(text, "port", keepValue));

    [Theory]
    [InlineData("abcd efgh")]
    [InlineData("\"\\'#=[]")]
    [InlineData("\\u0041 \\")]
    [InlineData("\t\n\r\0\u001b\u007f\u0085")]
    [InlineData("pässwörd 🔑")]
    public void A_quoted_text_reads_as_it_was(string text) =>
        Assert.Equal(text, TomlFile.Parse("f.toml", $"a = {TomlEdit.Quote(text)}")["a"].Text);
}
