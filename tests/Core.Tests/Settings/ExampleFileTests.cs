using System.Text.RegularExpressions;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

/// <summary>.env.toml.example names every setting with its default, and nothing else.</summary>
public sealed partial class ExampleFileTests
{
    private const string Name = ".env.toml.example";

    private static readonly string Text = File.ReadAllText(RepositoryRoot.At(Name));

    /// <summary>The file with every key that is commented out put in force.</summary>
    private static readonly string Uncommented = CommentedKey().Replace(Text, "$1");

    [Fact]
    public void It_names_every_setting_in_order_and_nothing_else() =>
        Assert.Equal(AllSettings.List.Select(s => s.Key), TomlFile.Parse(Name, Uncommented).Keys);

    [Fact]
    public void What_is_in_force_is_the_default()
    {
        var inForce = TomlFile.Parse(Name, Text);

        Assert.Equal(
            AllSettings.List.Where(s => inForce.ContainsKey(s.Key)).Select(s => (s.Key, s.DefaultText)),
            inForce.Select(v => (v.Key, v.Value.Text)));
    }

    [Fact]
    public void What_is_commented_out_has_no_default_but_for_the_mail_port()
    {
        var inForce = TomlFile.Parse(Name, Text);

        var commentedOut = AllSettings.List.Where(s => !inForce.ContainsKey(s.Key)).ToList();

        Assert.Equal([AllSettings.MailPort.Key], commentedOut.Where(s => s.DefaultText.Length > 0).Select(s => s.Key));
        Assert.Equal(AllSettings.MailPort.DefaultText, TomlFile.Parse(Name, Uncommented)[AllSettings.MailPort.Key].Text);
    }

    [Fact]
    public async Task It_loads_as_it_is_and_changes_nothing()
    {
        var (example, nothing) = (await TestSettings.LoadAsync(Text), await TestSettings.LoadAsync());

        Assert.Equivalent(nothing, example, strict: true);
    }

    [Fact]
    public async Task It_loads_with_every_key_in_force()
    {
        var settings = await TestSettings.LoadAsync(Uncommented);

        Assert.Equal("smtp.gmail.com", settings.Mail!.Host);
        Assert.Equal(100, settings.Producer.Count);
    }

    [Fact]
    public void The_comment_over_a_setting_names_its_flag()
    {
        foreach (var setting in AllSettings.List.Where(s => s.Flag is not null))
        {
            var key = setting.Key.Split('.')[1];
            var paragraph = Uncommented.Split("\n\n").Single(p => p.Contains($"\n{key} = ", StringComparison.Ordinal));
            Assert.Contains($"Flag {setting.Flag}", paragraph, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("^# ([a-z_]+ = .*)$", RegexOptions.Multiline)]
    private static partial Regex CommentedKey();
}
