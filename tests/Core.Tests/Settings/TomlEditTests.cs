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
    [InlineData("port = '''\n1\n''' # one", "port = 2 # one")]
    [InlineData("'🔑' = '🔑' # 🔑\nport = 1 # 🔑", "'🔑' = '🔑' # 🔑\nport = 2 # 🔑")]
    [InlineData("\"port\" = 1", "\"port\" = 2")]
    [InlineData("port = [\"1\", \"3\"]", "port = 2")]
    [InlineData("port = [\n  \"1\",\n] # one\n", "port = 2 # one\n")]
    [InlineData("# port = 3\nport = 1\n# port = 4", "# port = 3\nport = 2\n# port = 4")]
    [InlineData("port = 1\r\n# crlf\r\n", "port = 2\r\n# crlf\r\n")]
    public void A_value_is_replaced_in_place(string text, string expected) => Assert.Equal(expected, TomlEdit.Set(text, "port", "2"));

    [Theory]
    [InlineData("# port = 1", "port = 2")]
    [InlineData("#port = 1 # one", "port = 2 # one")]
    [InlineData("# the port\n# port = 1\n# port = 3\n", "# the port\nport = 2\n# port = 3\n")]
    [InlineData("host = 1 # port = 1\n# \"port\" = 1\r\n", "host = 1 # port = 1\n\"port\" = 2\r\n")]
    public void A_key_that_is_commented_out_is_set_on_its_line(string text, string expected) =>
        Assert.Equal(expected, TomlEdit.Set(text, "port", "2"));

    [Theory]
    [InlineData("", "port = 2\n")]
    [InlineData("host = 1", "host = 1\nport = 2\n")]
    [InlineData("host = 1\n\n# a table\n[a]\n", "host = 1\nport = 2\n\n# a table\n[a]\n")]
    [InlineData("# of ours\r\n", "# of ours\r\nport = 2\r\n")]
    [InlineData("# port = is the port, or so", "# port = is the port, or so\nport = 2\n")]
    [InlineData("# port = \"\\", "# port = \"\\\nport = 2\n")]
    [InlineData("# head\n\n# a table\n[a]\nport = 1\n", "# head\nport = 2\n\n# a table\n[a]\nport = 1\n")]
    [InlineData("# a table\n[a]\n\n[b]\n", "port = 2\n\n# a table\n[a]\n\n[b]\n")]
    [InlineData("[a]\n", "port = 2\n\n[a]\n")]
    public void A_new_key_without_a_table_stands_before_the_tables(string text, string expected) =>
        Assert.Equal(expected, TomlEdit.Set(text, "port", "2"));

    [Theory]
    [InlineData("port = 1\n[a]\nport = 1\n[b]\nport = 1\n", "port = 1\n[a]\nport = 2\n[b]\nport = 1\n")]
    [InlineData("[ a ] # a\n# port = 1\n", "[ a ] # a\nport = 2\n")]
    [InlineData("[\"a\"]\r\n", "[\"a\"]\r\nport = 2\r\n")]
    [InlineData("# port = 1\n[a]\n[b]\n# port = 1\n", "# port = 1\n[a]\nport = 2\n[b]\n# port = 1\n")]
    [InlineData("[a]", "[a]\nport = 2\n")]
    [InlineData("port = 1", "port = 1\n\n[a]\nport = 2\n")]
    [InlineData("a.port = 1 # one", "a.port = 2 # one")]
    [InlineData("a.host = 1 # one\n", "a.host = 1 # one\na.port = 2\n")]
    [InlineData("a = { host = 1, port = 1 } # one", "a = { host = 1, port = 2 } # one")]
    [InlineData("a = { host = 1 } # one\n", "a = { host = 1, port = 2 } # one\n")]
    public void A_key_of_a_table_is_set_in_its_table(string text, string expected) =>
        Assert.Equal(expected, TomlEdit.Set(text, "a.port", "2"));

    [Theory]
    [InlineData("port = 1 # one", "# port = \"\" # one")]
    [InlineData("host = 1\r\n  port = '''\nsecret'''\r\n", "host = 1\r\n  # port = \"\"\r\n")]
    [InlineData("# port = 1", "# port = 1")]
    [InlineData("host = 1", "host = 1")]
    public void A_key_is_commented_out_with_another_value(string text, string expected) =>
        Assert.Equal(expected, TomlEdit.CommentOut(text, "port", "\"\""));
}
