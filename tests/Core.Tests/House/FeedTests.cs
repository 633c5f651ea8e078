using System.Text.RegularExpressions;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.House;

/// <summary>What differs with the feed is in a pair of files, of which Directory.Build.props compiles one.</summary>
public sealed partial class FeedTests
{
    private static readonly IReadOnlyList<string> Sources =
        [.. new[] { "src", "tests", "bench" }.SelectMany(folder => RepositoryRoot.Files(folder, "*.cs"))];

    [Fact]
    public void A_file_for_one_feed_has_its_other_half()
    {
        var halves = Sources.Where(file => HalfName().IsMatch(file)).ToList();

        Assert.Contains("src/Core/Settings/TomlFile.FullFeed.cs", halves);
        Assert.All(halves.GroupBy(file => HalfName().Replace(file, "")), pair => Assert.Equal(2, pair.Count()));
    }

    [Fact]
    public void No_line_is_compiled_on_a_condition() =>
        Assert.DoesNotContain(Sources, file => Condition().IsMatch(File.ReadAllText(RepositoryRoot.At(file))));

    [GeneratedRegex(@"\.(Full|Bare)Feed\.cs$")]
    private static partial Regex HalfName();

    [GeneratedRegex(@"^[ \t]*#[ \t]*if\b", RegexOptions.Multiline)]
    private static partial Regex Condition();
}
