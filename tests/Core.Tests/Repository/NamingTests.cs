using System.Text.RegularExpressions;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Repository;

public sealed partial class NamingTests
{
    [Fact]
    public void No_type_is_called_a_manager_helper_service_or_utility()
    {
        var types = TypesIn(RepositoryRoot.Files("src", "*.cs")).ToList();

        Assert.Contains("AuctionProgram", types);
        Assert.DoesNotContain(types, MeaninglessName().IsMatch);
    }

    [Theory]
    [InlineData("BidManager", true)]
    [InlineData("BidUtil", true)]
    [InlineData("BidUtils", true)]
    [InlineData("ManagedBid", false)]
    [InlineData("BidServices", true)]
    [InlineData("Bid", false)]
    public void A_meaningless_name_is_recognised_by_its_suffix(string name, bool isMeaningless) =>
        Assert.Equal(isMeaningless, MeaninglessName().IsMatch(name));

    [Fact]
    public void No_source_file_has_conditional_compilation() => Assert.All(
        new[] { "src", "tests", "bench" }.SelectMany(folder => RepositoryRoot.Files(folder, "*.cs")),
        file => Assert.DoesNotMatch(PreprocessorIf(), File.ReadAllText(RepositoryRoot.At(file))));

    [Fact]
    public void No_source_file_is_longer_than_300_lines() =>
        Assert.All(
            RepositoryRoot.Files("src", "*.cs").Concat(RepositoryRoot.Files("tests", "*.cs")),
            file => Assert.True(File.ReadLines(RepositoryRoot.At(file)).Count() <= 300, $"{file} is longer than 300 lines."));

    private static IEnumerable<string> TypesIn(IEnumerable<string> files) =>
        files.SelectMany(file => TypeName().Matches(File.ReadAllText(RepositoryRoot.At(file))).Select(match => match.Groups[1].Value));

    [GeneratedRegex(@"^[ \t]*(?:[a-z]+[ ])*(?:class|record|struct|interface|enum)[ ]+(\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^[ \t]*#[ \t]*if\b", RegexOptions.Multiline)]
    private static partial Regex PreprocessorIf();

    [GeneratedRegex("(Manager|Helper|Service|Util|Utility)s?$|Utilities$")]
    private static partial Regex MeaninglessName();
}
