using System.Text;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

/// <summary>.env.toml.example and the table in docs/settings.md say what the code says. A failing test prints the text to copy.</summary>
public sealed partial class SettingsDocumentationTests
{
    private const int LineLength = 120;

    private static readonly string Example = File.ReadAllText(RepositoryRoot.At(".env.toml.example"));

    [Fact]
    public void The_example_file_shows_every_setting_with_its_default()
    {
        var expected = new StringBuilder(
            """
            # Auction Tracker: all settings with their defaults. Copy this file to .env.toml and change what you need; Git ignores
            # .env.toml. A flag or an environment variable overrides the file. A line that begins with # sets nothing.

            """);
        var table = "";
        foreach (var setting in AllSettings.List)
        {
            var (tableOfSetting, name) = setting.Key.Split('.') is [var first, var second] ? (first, second) : ("", setting.Key);
            expected.Append('\n').Append(tableOfSetting == table ? "" : $"[{tableOfSetting}]\n");
            table = tableOfSetting;
            var flag = setting.Flag is null ? "" : $" Flag: {setting.Flag}.";
            expected.Append(Comment(setting.Help));
            expected.Append(Comment($"Allowed: {setting.Allowed}.{flag} Environment variable: {setting.EnvironmentVariable}."));
            var (prefix, value) = setting.DefaultText.Length > 0 ? ("", setting.DefaultText) : ("# ", setting.Example);
            expected.Append($"{prefix}{name} = {(BareValue().IsMatch(value) ? value : $"\"{value}\"")}\n");
        }

        Assert.True(Example == expected.ToString(), $".env.toml.example must be:\n{expected}");
    }

    [Fact]
    public async Task The_example_file_changes_no_default() =>
        Assert.Equivalent(await TestSettings.LoadAsync(), await TestSettings.LoadAsync(Example), strict: true);

    [Fact]
    public async Task Each_example_value_is_allowed()
    {
        var settings = await TestSettings.LoadAsync(CommentedOut().Replace(Example, "$1"));

        Assert.Equal("smtp.gmail.com", settings.Mail!.Host);
        Assert.Equal(100, settings.Producer.Count);
    }

    [Fact]
    public void The_table_of_the_docs_shows_every_setting()
    {
        var expected = new StringBuilder(
            "| key | flag | environment variable | default | meaning | allowed |\n|---|---|---|---|---|---|\n");
        foreach (var s in AllSettings.List)
        {
            string[] cells = [Code(s.Key), Code(s.Flag), Code(s.EnvironmentVariable), Code(s.DefaultText), s.Help, s.Allowed];
            expected.Append($"| {string.Join(" | ", cells)} |\n");
        }

        var lines = File.ReadLines(RepositoryRoot.At("docs/settings.md"))
            .SkipWhile(line => !line.StartsWith("| key |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'));
        Assert.True(
            string.Concat(lines.Select(line => line + "\n")) == expected.ToString(), $"The table in docs/settings.md must be:\n{expected}");

        static string Code(string? text) => text is null or "" ? "" : $"`{text}`";
    }

    private static string Comment(string text)
    {
        var lines = new List<string> { "#" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length + 1 + word.Length > LineLength)
            {
                lines.Add("#");
            }

            lines[^1] += " " + word;
        }

        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>A number, true or false: TOML writes them without quotes.</summary>
    [GeneratedRegex("^([0-9]+|true|false)$")]
    private static partial Regex BareValue();

    [GeneratedRegex("^# ([a-z_]+ = .*)$", RegexOptions.Multiline)]
    private static partial Regex CommentedOut();
}
